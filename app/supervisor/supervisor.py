"""Keeps parts running until it is asked to stop, and leaves nothing behind."""

import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from app.servers.process import last_line
from app.servers.server_errors import ServerError
from app.supervisor import stragglers
from app.supervisor.child import Child
from app.supervisor.console import Console
from app.supervisor.nursery import adopted
from app.supervisor.nursery.adopted import Process
from app.supervisor.part import Part
from app.supervisor.stop import StopAsked, StopRequests

TURN = 0.05
HOPELESS = 4
HURRIED = 0.5


class Supervisor:
    """Supervises inside a `with` block; leaving the block stops every part, in order."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._run = secrets.token_hex(8)
        self._requests = StopRequests()
        self._children: list[Child] = []
        self._commands: list[Process] = []
        self._guard = self._start_guard()

    def __enter__(self) -> Self:
        adopted.adopt()
        self._requests.listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def start(self, *parts: Part) -> None:
        for part in parts:
            child = Child(part, self._run, self.console)
            self._children.append(child)
            child.keep_running()

    def wait_until_ready(self, *parts: Part, within: float = 60.0) -> None:
        """Return when all of them answer; raises ServerError when one never will."""
        waiting = [child for child in self._children if child.part in parts]
        deadline = time.monotonic() + within
        while waiting := [child for child in waiting if not _answers(child)]:
            self._turn()
            for child in waiting:
                if child.failures >= HOPELESS or time.monotonic() > deadline:
                    raise ServerError(f"{child.part.name} does not start: {_said(child.part)}")

    def begin(self, command: Part) -> Callable[[], list[str]]:
        """Run a command beside the parts; the answer waits for its end and gives what it printed.

        What it writes to its error output is shown as it comes.
        """
        output = tempfile.TemporaryFile()  # noqa: SIM115 — _finish closes it
        child = Child(command, self._run, self.console)
        process = child.begin(output.fileno())
        self._commands.append(process)
        return lambda: self._finish(command.name, process, output)

    def _finish(self, name: str, process: Process, output: IO[bytes]) -> list[str]:
        while process.poll() is None:
            self._turn()
        with output:
            output.seek(0)
            lines = output.read().decode(errors="replace").splitlines()
        if process.returncode:
            raise ServerError("\n".join([*lines, f"`{name}` failed; what it said is above"]))
        return lines

    def forever(self) -> None:
        """Supervise until asked to stop, which raises StopAsked."""
        while True:
            self._turn()

    def _turn(self) -> None:
        if self._requests.asked:
            raise StopAsked
        for child in self._children:
            child.keep_running()
        if self._guard.poll() is not None:
            self._guard = self._start_guard()
        adopted.bury(self._known())
        time.sleep(TURN)

    def _known(self) -> set[int]:
        processes = (self._guard, *self._commands, *(child.process for child in self._children))
        return {process.pid for process in processes if process}

    def _start_guard(self) -> subprocess.Popen[bytes]:
        script = Path(stragglers.__file__)
        return subprocess.Popen(
            [sys.executable, "-SE", str(script), self._run],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _stop(self) -> None:
        for _, wave in groupby(sorted(self._children, key=_wave), key=_wave):
            self._stop_wave(list(wave))
        stragglers.kill_run(self._run)
        assert self._guard.stdin  # noqa: S101 — for the type checker
        self._guard.stdin.close()
        self._guard.wait()

    def _stop_wave(self, wave: list[Child]) -> None:
        for child in wave:
            child.ask_to_stop()
        asked = time.monotonic()
        while any(child.alive for child in wave) and time.monotonic() - asked < self._patience(
            wave
        ):
            time.sleep(TURN)
        for child in wave:
            child.kill()

    def _patience(self, wave: list[Child]) -> float:
        return HURRIED if self._requests.hurry else max(child.part.stop_within for child in wave)


def _answers(child: Child) -> bool:
    return child.alive and child.part.answers()


def _said(part: Part) -> str:
    return last_line(part.log) if part.log else "what it said is above"


def _wave(child: Child) -> int:
    return child.part.wave
