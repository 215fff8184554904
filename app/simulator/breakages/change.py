"""Breaks a thing by its name, or puts it right."""

from app.simulator.breakages import breakages, processes
from app.simulator.simulator import Simulator


def change(sim: Simulator, key: str, of: str, on: bool) -> None:
    """`of` is the number, the SID of the template, or the name of the receiver, that it is of; of
    what all share nothing. Raises ValueError for what is not there."""
    number, content = sim.state.numbers.get(of), sim.state.contents.get(of)
    receiver = sim.state.receivers.find(of)
    if key in processes.PARTS and processes.there(key):
        processes.set_still(key, on)
    elif key in breakages.OF_ALL:
        breakages.set_of_all(sim, key, on)
    elif key in breakages.OF_NUMBER and number:
        breakages.set_of_number(sim, key, number, on)
    elif key in breakages.OF_TEMPLATE and content:
        breakages.set_of_template(sim, key, content, on)
    elif key in breakages.OF_RECEIVER and receiver:
        breakages.set_of_receiver(sim, key, receiver, on)
    elif key in {*breakages.OF_NUMBER, *breakages.OF_TEMPLATE, *breakages.OF_RECEIVER}:
        raise ValueError(f"{key} needs what it is of, a number, a template or a receiver: {of!r}")
    else:
        raise ValueError(f"nothing breaks that is called {key!r}")
