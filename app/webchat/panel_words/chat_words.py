"""All that a visitor reads of ours."""

from dataclasses import dataclass
from typing import Any

from app.business_hours.hours_words import HoursWords


@dataclass(frozen=True)
class Loader:
    """Said on the business's own page."""

    open: str
    close: str
    unread: str
    frame: str
    trouble: str
    email: str
    call: str


@dataclass(frozen=True)
class Panel:
    """Said in the frame. {business} and {name} are filled in there."""

    greeting: str
    message: str
    send: str
    attach: str
    close: str
    end: str
    end_ask: str
    end_yes: str
    end_no: str
    ended: str
    you: str
    typing: str
    sending: str
    not_sent: str
    retry: str
    sent: str
    seen: str
    in_memory: str
    no_connection: str
    closed: str
    name: str
    email: str
    phone: str
    reach: str
    reach_save: str
    reach_saved: str
    reach_needed: str
    left: str
    log: str
    new: str
    trouble: str
    checking: str
    """While the browser works for what looks like spam (proof_of_work.py)."""
    too_fast_minutes: str
    errors: dict[str, str]
    """By Why (visitor_refused.py)."""


@dataclass(frozen=True)
class Words:
    name: str
    """What the language calls itself."""
    loader: Loader
    panel: Panel
    hours: HoursWords

    def as_json(self) -> dict[str, Any]:
        return vars(self.panel)
