"""How long a business keeps what is no message: each kind with what holds unless it says otherwise.

Messages have a choice of their own, as they are archived first (kept_period.py).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from app.models import Tenant
from app.retention.kept_period import SECOND_THOUGHTS

YEAR = 365
YEARS = tuple(YEAR * years for years in (1, 2, 3, 5, 10))


class KeptKind(NamedTuple):
    what: str
    """As it stands behind «Keep»."""
    about: str
    usual: int | None
    """Days that hold where nothing was said; None: for ever."""
    days: tuple[int, ...]
    """What can be chosen instead."""


KINDS = {
    "calls": KeptKind(
        "calls",
        "Older calls are deleted. The last one that a conversation shows stays.",
        None,
        YEARS,
    ),
    "appointments": KeptKind(
        "appointments of people not seen",
        "Past appointments are deleted once nobody of them had an appointment, wrote or rang for"
        " so long. Reports go on counting them.",
        None,
        YEARS,
    ),
    "emails": KeptKind(
        "emails as they came",
        "What an email quoted, and how it was set, is deleted then; its text, pictures and files"
        " stay as long as the message does, with which all of it goes at the latest.",
        None,
        (30, 90, YEAR, 2 * YEAR),
    ),
    "rule_runs": KeptKind(
        "what rules did", "Older lines go from the log of Automation.", 90, (30, YEAR, 2 * YEAR)
    ),
    "webhook_deliveries": KeptKind(
        "webhook deliveries",
        "Older ones that are over go, and cannot be sent again.",
        30,
        (7, 90, YEAR),
    ),
    "audit_entries": KeptKind(
        "the audit log",
        "Nothing in it can be deleted sooner than after two years.",
        2 * YEAR,
        (3 * YEAR, 5 * YEAR, 10 * YEAR),
    ),
}


def kept_before(tenant: Tenant, kind: str, now: datetime) -> datetime | None:
    """What is older than this may go. None: nothing is, or a choice is not a day old yet."""
    days = tenant.kept_days.get(kind, KINDS[kind].usual)
    set_at = tenant.kept_days_set_at
    settled = set_at is None or now - set_at >= SECOND_THOUGHTS
    return now - timedelta(days=days) if days and settled else None


def choose(tenant: Tenant, chosen: Mapping[str, int | None], now: datetime) -> None:
    """Days by kind; None: as usual. Part of the caller's transaction. Choosing what holds already
    changes nothing."""
    kept = {kind: days for kind, days in chosen.items() if days}
    if tenant.kept_days != kept:
        tenant.kept_days, tenant.kept_days_set_at = kept, now
