"""The carrier of the live chat: the visitor's panel itself, which fetches what is there for it."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from app.channels.channel import Channel
from app.lib.message_status import MessageStatus
from app.providers.contract import (
    Accepted,
    Account,
    Listed,
    Outgoing,
    StatusReport,
)
from app.providers.tells_little import TellsLittle


class WebchatProvider(TellsLittle):
    """Calls nobody. That a message may be fetched is known as soon as it may leave, and is never in
    doubt: whoever died over it finds that it is there."""

    def send(self, account: Account, message: Outgoing) -> Accepted:
        return Accepted(_sid(message), MessageStatus.SENT)

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        return [StatusReport(_sid(message), MessageStatus.SENT)]

    def look_up(self, account: Account, sid: str) -> StatusReport:
        return StatusReport(sid, MessageStatus.SENT)

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


def _sid(message: Outgoing) -> str:
    """Of the same message the same: by our own name for it."""
    (name,) = parse_qs(urlsplit(message.callback_url).query)["mid"]
    return f"chat-{name}"
