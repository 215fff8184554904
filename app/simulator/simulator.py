"""The parts of one running simulator, and how a view finds them."""

from dataclasses import asdict, dataclass, field
from typing import Any, cast

from flask import current_app

from app.simulator.faults import Dice, Faults
from app.simulator.mail.dns_server import DnsServer
from app.simulator.mail.imap_server import ImapServer
from app.simulator.mail.server import MailServer
from app.simulator.records import Number, new_sid
from app.simulator.scheduler import Scheduler
from app.simulator.settings import Settings
from app.simulator.state import State


@dataclass(slots=True)
class Simulator:
    settings: Settings
    state: State
    scheduler: Scheduler = field(default_factory=Scheduler)
    dice: Dice = field(default_factory=Dice)
    mail_server: MailServer | None = None
    dns_server: DnsServer | None = None
    imap_server: ImapServer | None = None

    @property
    def faults(self) -> Faults:
        return self.state.faults

    def set_faults(self, faults: Faults) -> None:
        """The dice begin again, so that the same seed brings the same run."""
        self.state.record("faults", faults.json())
        self.dice.reseed(faults.seed)

    def put_number(self, number: str, now: float, **fields: Any) -> Number:
        """Register a business's number, or change what is given of one that is known."""
        with self.state.lock:
            known = self.state.numbers.get(number) or Number(
                number, new_sid("PN"), self.settings.account_sid, created=now
            )
            self.state.record("number", {**asdict(known), **fields})
            return self.state.numbers[number]

    def close(self) -> None:
        for server in (self.mail_server, self.dns_server, self.imap_server):
            if server is not None:
                server.stop()
        self.scheduler.stop()
        self.state.close()


def current() -> Simulator:
    return cast(Simulator, current_app.extensions["simulator"])
