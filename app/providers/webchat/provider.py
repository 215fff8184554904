"""The carrier of the live chat: the visitor's panel itself, which fetches what is there for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.channels.channel import Channel
from app.lib.message_status import MessageStatus
from app.providers.contract import (
    Accepted,
    Account,
    CallEnd,
    CannotTell,
    Event,
    Fetched,
    Line,
    Listed,
    Outgoing,
    Review,
    StatusReport,
)


class WebchatProvider:
    """Calls nobody. That a message may be fetched is known as soon as it may leave, and is never in
    doubt: whoever died over it finds that it is there."""

    def send(self, account: Account, message: Outgoing) -> Accepted:
        return Accepted(_sid(message), MessageStatus.SENT)

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        return [StatusReport(_sid(message), MessageStatus.SENT)]

    def look_up(self, account: Account, sid: str) -> StatusReport:
        return StatusReport(sid, MessageStatus.SENT)

    def look_up_call(self, account: Account, sid: str, screened: bool) -> CallEnd:
        raise CannotTell

    def received_since(
        self, account: Account, channel: Channel, number: str, since: datetime
    ) -> list[Listed]:
        """What visitors wrote was committed before they were told that it is sent."""
        return []

    def owns(
        self, account: Account, channel: Channel, number: str, service: str | None = None
    ) -> bool:
        return True

    def sign_in(self, account: Account) -> None:
        """There is nobody to sign in to."""

    def line(self, account: Account, channel: Channel, number: str) -> Line | None:
        raise CannotTell

    def point(
        self, account: Account, channel: Channel, number: str, urls: Mapping[Event, str]
    ) -> None:
        raise CannotTell

    def review(self, account: Account, content_sid: str) -> Review | None:
        raise CannotTell

    def make_template(self, account: Account, definition: Mapping[str, Any]) -> str:
        raise CannotTell

    def fetch(self, account: Account, url: str) -> Fetched:
        raise CannotTell


def _sid(message: Outgoing) -> str:
    """Of the same message the same: by our own name for it."""
    (name,) = parse_qs(urlsplit(message.callback_url).query)["mid"]
    return f"chat-{name}"
