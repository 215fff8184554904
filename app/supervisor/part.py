"""What a supervised part is."""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.servers.process import Server
from app.supervisor.nursery.forking import Nursery


def _at_once() -> bool:
    return True


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


def _no_input() -> int:
    return os.open(os.devnull, os.O_RDONLY)


@dataclass(frozen=True)
class Part:
    """A process that has to run, and how to start it, know that it is ready, and stop it.

    Parts of a lower wave are stopped first: what others lean on goes last. When the supervisor
    dies, the kernel sends the death signal. A part that is leaving though nobody here asked
    it to is hurried, and started again. A part with a log writes there, the others to us.
    One with a nursery, whose command is `python -m …`, is forked there; and waits until it can be.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    answers: Callable[[], bool] = _at_once
    before: Callable[[], None] = _nothing
    leaving: Callable[[], bool] = _never
    input: Callable[[], int] = _no_input
    nursery: Nursery | None = None
    wave: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 6.0
    death_signal: signal.Signals = signal.SIGKILL
    user: int | None = None
    folder: Path | None = None
    log: Path | None = None


def serving(server: Server, environment: Mapping[str, str]) -> Part:
    """One of our servers as a part; it has to be prepared."""
    return Part(
        name=server.name,
        command=server.command(),
        environment=environment,
        answers=server.answers,
        before=server.prepare,
        leaving=server.leaving,
        wave=2,
        stop_signal=server.stop_signal,
        stop_within=3.0,
        death_signal=server.stop_signal,
        user=server.user,
        folder=server.folder,
        log=server.log,
    )
