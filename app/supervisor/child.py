"""One part's process: started, looked at, started again."""

import signal
import subprocess
import time

from app.servers import ServerError
from app.servers.process import launched, open_log
from app.supervisor.console import Console
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
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_running(self) -> None:
        """Start it, or note that it ended and start it again when its delay is over."""
        if self.alive:
            if self.part.leaving():
                self.ask_to_stop()
            return
        if self._process:
            self._failed(f"ended ({_reason(self._process.returncode)})")
        if time.monotonic() >= self._due:
            self._start()

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.send_signal(self.part.stop_signal)
            # One that stands still (SIGSTOP) would not hear it.
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it and everything it started."""
        if self._process:
            self._process.kill()
            self._process.wait()
        kill_part(self._run, self.part.name)

    def _start(self) -> None:
        kill_part(self._run, self.part.name)
        try:
            self.part.before()
            self._process = self._spawn()
            self._started = time.monotonic()
        except (ServerError, OSError) as error:
            self._failed(f"does not start: {error}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        log = open_log(self.part.log).open("ab") if self.part.log else subprocess.PIPE
        process = subprocess.Popen(
            launched(list(self.part.command), self.part.death_signal, self.part.user),
            cwd=self.part.folder,
            env={**self.part.environment, **mark(self._run, self.part.name)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if process.stdout:
            self._console.follow(self.part.name, process.stdout)
        if not isinstance(log, int):
            log.close()
        return process

    def _failed(self, what: str) -> None:
        steady = self._process and time.monotonic() - self._started >= STEADY_AFTER
        self.failures = 1 if steady else self.failures + 1
        self._process = None
        delay = min(FIRST_DELAY * 2 ** (self.failures - 1), LONGEST_DELAY)
        self._due = time.monotonic() + delay
        where = f"; see {self.part.log}" if self.part.log else ""
        self._console.say(f"{self.part.name} {what}{where}; starting it again in {delay:.1f} s")


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
