"""Breaks a thing by its name, or puts it right."""

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from app.simulator.breakages import beside
from app.simulator.breakages.breakage import holds
from app.simulator.breakages.breakages import OF_RECEIVER, OF_TEMPLATE
from app.simulator.breakages.of_all import OF_ALL
from app.simulator.breakages.of_number import OF_NUMBER
from app.simulator.hooks.receivers import Receiver
from app.simulator.records import Content, Number
from app.simulator.simulator import Simulator


def change(sim: Simulator, key: str, of: str, on: bool) -> None:
    """`of` is the number, the SID of the template, or the name of the receiver, that it is of; of
    what all share nothing. Raises ValueError for what is not there, OSError for what this machine
    does not let us do."""
    number, content = sim.state.numbers.get(of), sim.state.contents.get(of)
    receiver = sim.state.receivers.find(of)
    if key in beside.there():
        beside.change(key, on)
    elif key in OF_ALL:
        _of_all(sim, key, on)
    elif key in OF_NUMBER and number:
        _of_number(sim, key, number, on)
    elif key in OF_TEMPLATE and content:
        _of_template(sim, key, content, on)
    elif key in OF_RECEIVER and receiver:
        _of_receiver(sim, key, receiver, on)
    elif key in {*OF_NUMBER, *OF_TEMPLATE, *OF_RECEIVER}:
        raise ValueError(f"{key} needs what it is of, a number, a template or a receiver: {of!r}")
    else:
        raise ValueError(f"nothing breaks that is called {key!r}")


def _of_all(sim: Simulator, key: str, on: bool) -> None:
    fields = OF_ALL[key].fields
    sim.set_faults(replace(sim.faults, **(fields if on else dict.fromkeys(fields, 0.0))))


def _of_number(sim: Simulator, key: str, number: Number, on: bool) -> None:
    """Put right, what stood before stands again; where it was changed meanwhile, that stays."""
    fields = OF_NUMBER[key].fields
    if on == holds(OF_NUMBER[key], number):
        return
    if on:
        stood = {**number.stood, **{name: getattr(number, name) for name in fields}}
        sim.put_number(number.number, time.time(), **fields, stood=stood)
    else:
        before = {name: number.stood[name] for name in fields if name in number.stood}
        sim.put_number(number.number, time.time(), **before)


def _of_receiver(sim: Simulator, key: str, receiver: Receiver, on: bool) -> None:
    fields: Mapping[str, Any] = OF_RECEIVER[key].fields if on else {"manner": "ok"}
    sim.state.record("receiver", {"name": receiver.name, **fields})


def _of_template(sim: Simulator, key: str, content: Content, on: bool) -> None:
    fields: Mapping[str, Any] = OF_TEMPLATE[key].fields
    healthy = {"approval": "approved", "rejection_reason": ""}
    changed = {**asdict(content), **healthy, **(fields if on else {})}
    sim.state.record("content", changed)
