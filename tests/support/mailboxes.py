"""The simulator's mail server, as the one that the product under test hands its emails to."""

from dataclasses import dataclass, replace

from app.simulator.faults import MAIL_RATES
from app.simulator.mail.emails import Email
from app.simulator.simulator import Simulator

NO_LATENCY = (0, 0)


@dataclass(frozen=True)
class Mailboxes:
    """What came in, and what is to go wrong."""

    sim: Simulator

    @property
    def url(self) -> str:
        """The mail server as SMTP_URL names it."""
        assert self.sim.mail_server is not None
        password = self.sim.settings.smtp_password
        return f"smtp://simulator:{password}@127.0.0.1:{self.sim.mail_server.port}"

    def emails(self, to: str = "") -> list[Email]:
        """What was taken, oldest first; one that came twice is there twice."""
        return self.sim.state.mailboxes.emails(to)

    def fault(self, *names: str, latency_ms: tuple[int, int] = NO_LATENCY) -> None:
        """From now on each of these goes wrong every time (names: MAIL_RATES), and nothing
        else does."""
        rates = {name: float(name in names) for name in MAIL_RATES}
        assert set(names) <= set(rates), f"MAIL_RATES has no {set(names) - set(rates)}"
        faults = replace(self.sim.faults, **rates, mail_latency_ms=latency_ms)
        self.sim.set_faults(faults)

    def clear(self) -> None:
        """No emails, no faults; telephones are forgotten too."""
        self.sim.state.clear()
