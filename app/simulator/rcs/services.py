"""Messaging Services: an RCS sender, and the number that it falls back to."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.simulator.simulator import Simulator
    from app.simulator.state import State


@dataclass(slots=True)
class Service:
    """With the webhooks of its sender, to which it defers."""

    sid: str
    account_sid: str
    sender: str
    """Its id, without rcs: before it."""
    number: str
    label: str = ""
    callback_url: str = ""
    fallback_url: str = ""
    status_callback_url: str = ""
    method: str = "POST"

    @property
    def sender_sid(self) -> str:
        return self.sid.replace("MG", "XE", 1)


def put(sim: "Simulator", sid: str, **fields: Any) -> Service:
    """Make a service known, or change what is given of one that is."""
    with sim.state.lock:
        known = sim.state.services.get(sid) or Service(sid, sim.settings.account_sid, "", "")
        sim.state.record("service", {**asdict(known), **fields})
        return sim.state.services[sid]


def of_sender(state: "State", sender: str) -> Service | None:
    with state.lock:
        return next((each for each in state.services.values() if each.sender == sender), None)


def status(state: "State", service: Service) -> str:
    """Of its sender, such as ONLINE."""
    number = state.numbers.get(service.number)
    return number.rcs_status if number else "ONLINE"


def of_number(state: "State", number: str) -> Service | None:
    """Whose messages fall back to the number."""
    with state.lock:
        return next((each for each in state.services.values() if each.number == number), None)
