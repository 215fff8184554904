"""What happens to a number by a button, and cannot be taken back: customers do it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.simulator.records import Number
from app.simulator.simulator import Simulator
from app.simulator.telephones import inbound

STOPS = 6


@dataclass(frozen=True, slots=True)
class Happening:
    label: str
    hint: str
    """What the product then meets, and how long."""
    checks: tuple[str, ...]
    do: Callable[[Simulator, Number, str], None]
    """With the address at which the product finds the simulator."""


def many_stop(sim: Simulator, number: Number, base_url: str) -> None:
    for _ in range(STOPS):
        # Numbers that are nobody's. https://en.wikipedia.org/wiki/555_(telephone_number)
        phone = f"+1{secrets.randbelow(700) + 201}5550{secrets.randbelow(100) + 100}"
        sim.state.record("phone", {"number": phone, "name": ""})
        inbound.receive(sim, phone, number.number, "sms", "STOP", [], base_url)


HAPPENINGS: Mapping[str, Happening] = {
    "many_stop": Happening(
        f"{STOPS} people text STOP",
        "more than usual want no more messages; it is told for a week, as it happened",
        ("opt_outs",),
        many_stop,
    ),
}
