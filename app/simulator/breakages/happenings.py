"""What happens by a button, and cannot be taken back: customers do it."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate

from app.simulator.mail.answering import begun, leave
from app.simulator.simulator import Simulator
from app.simulator.telephones import inbound

STOPS = 6
# Each on a day of its own, and none of them lately.
LETTERS, SILENT_DAYS, DAY = 12, 6, 86_400


@dataclass(frozen=True, slots=True)
class Happening:
    label: str
    hint: str
    """What the product then meets, and how long."""
    checks: tuple[str, ...]
    do: Callable[[Simulator, str, str], None]
    """With the number or the mailbox, and the address at which the product finds the simulator."""


def many_stop(sim: Simulator, number: str, base_url: str) -> None:
    for _ in range(STOPS):
        # Numbers that are nobody's. https://en.wikipedia.org/wiki/555_(telephone_number)
        phone = f"+1{secrets.randbelow(700) + 201}5550{secrets.randbelow(100) + 100}"
        sim.state.record("phone", {"number": phone, "name": ""})
        inbound.receive(sim, phone, number, "sms", "STOP", [], base_url)


def nobody_writes_now(sim: Simulator, address: str, base_url: str) -> None:
    for ago in range(SILENT_DAYS + LETTERS, SILENT_DAYS, -1):
        at = time.time() - ago * DAY
        letter = begun("dora@simulator.example", address, "A question", "Is it open on Sundays?")
        letter.replace_header("Date", formatdate(at))
        leave(sim.state, address, letter.as_bytes(), at)


OF_NUMBER: Mapping[str, Happening] = {
    "many_stop": Happening(
        f"{STOPS} people text STOP",
        "more than usual want no more messages; it is told for a week, as it happened",
        ("opt_outs",),
        many_stop,
    ),
}
OF_MAILBOX: Mapping[str, Happening] = {
    "nobody_writes_now": Happening(
        f"Customers wrote each day until {SILENT_DAYS + 1} days ago",
        "old emails are found in the mailbox, and nothing since: it is told where nobody has"
        " written by anything else",
        ("silence",),
        nobody_writes_now,
    ),
}
