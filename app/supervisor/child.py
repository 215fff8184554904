"""One part's process: started, looked at, started again."""

import os
import signal
import subprocess
import time

from app.servers import ServerError
from app.servers.process import launched, open_log
from app.supervisor.console import Console
from app.supervisor.nursery.adopted import Process
from app.supervisor.part import Part
from app.supervisor.stragglers import kill_part, mark

FIRST_DELAY, LONGEST_DELAY, STEADY_AFTER = 0.2, 5.0, 10.0


class Child:
    """Keeps one part running. Start it from the main thread (see process.launched)."""

    def __init__(self, part: Part, run: str, console: Console) -> None:
        self.part = part
        self.failures = 0
        self._run = run
        self._console = console
        self.process: Process | None = None
        self._started = 0.0
        self._due = 0.0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_running(self) -> None:
        """Start it, or note that it ended and start it again when its delay is over."""
        if self.alive:
            if self.part.leaving():
                self.ask_to_stop()
            return
        if self.process:
            self._failed(f"ended ({_reason(self.process.returncode)})")
        if time.monotonic() >= self._due and self._can_begin():
            self._start()

    def _can_begin(self) -> bool:
        return self.part.nursery is None or self.part.nursery.answers()

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.send_signal(self.part.stop_signal)
            # One that stands still (SIGSTOP) would not hear it.
            self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it and everything it started."""
        if self.process:
            self.process.kill()
            self.process.wait()
        kill_part(self._run, self.part.name)

    def _start(self) -> None:
        kill_part(self._run, self.part.name)
        try:
            self.part.before()
            self.process = self._spawn()
            self._started = time.monotonic()
        except (ServerError, OSError) as error:
            self._failed(f"does not start: {error}")

    def _spawn(self) -> Process:
        if self.part.log:
            with open_log(self.part.log).open("ab") as log:
                return self._process_of(log.fileno(), log.fileno())
        return self.begin()

    def begin(self, output: int | None = None) -> Process:
        """Its process, which writes to the console, but for what goes to an output of its own."""
        ours, theirs = os.pipe()
        self._console.follow(self.part.name, os.fdopen(ours, "rb"))
        try:
            return self._process_of(theirs if output is None else output, theirs)
        finally:
            os.close(theirs)

    def _process_of(self, output: int, errors: int) -> Process:
        environment = {**self.part.environment, **mark(self._run, self.part.name)}
        if self.part.nursery:
            return self.part.nursery.fork(self.part.command, environment, output, errors)
        with os.fdopen(self.part.input(), "rb") as given:
            return subprocess.Popen(
                launched(list(self.part.command), self.part.death_signal, self.part.user),
                cwd=self.part.folder,
                env=environment,
                stdin=given,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )

    def _failed(self, what: str) -> None:
        steady = self.process and time.monotonic() - self._started >= STEADY_AFTER
        self.failures = 1 if steady else self.failures + 1
        self.process = None
        delay = min(FIRST_DELAY * 2 ** (self.failures - 1), LONGEST_DELAY)
        self._due = time.monotonic() + delay
        where = f"; see {self.part.log}" if self.part.log else ""
        self._console.say(f"{self.part.name} {what}{where}; starting it again in {delay:.1f} s")


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
