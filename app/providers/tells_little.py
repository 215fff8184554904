"""What a carrier answers that is asked for more than it can do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.channels.channel import Channel
from app.providers.contract import (
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


class TellsLittle:
    """Of each question of Provider but send and sign_in that it cannot tell; a carrier that can
    says it itself."""

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        raise CannotTell

    def look_up(self, account: Account, sid: str) -> StatusReport:
        raise CannotTell

    def look_up_call(self, account: Account, sid: str, screened: bool) -> CallEnd:
        raise CannotTell

    def received_since(
        self, account: Account, channel: Channel, number: str, since: datetime
    ) -> list[Listed]:
        raise CannotTell

    def owns(
        self, account: Account, channel: Channel, number: str, service: str | None = None
    ) -> bool:
        raise CannotTell

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
