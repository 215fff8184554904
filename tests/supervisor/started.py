"""A program under test: what it prints, the processes it consists of, and its end."""

import fcntl
import os
import re
import signal
import subprocess
import termios
import time
import uuid
from contextlib import suppress
from functools import partial
from pathlib import Path

# Nobody waits so long where all is well, however busy the machine: it is when to give up.
LONG = 60.0


def _begin(terminal):
    """Hear of a terminal's end, also of tests that run under nohup; with one of its own be its
    first process, the one that is told."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Started:
    """Starts the command in a project; what it starts is found by a mark, or by its folder."""

    def __init__(self, *command, folder, env=None, terminal=False):
        self.data = Path((env or {}).get("VAR_DIR", folder / "var"))
        self.mark = f"STARTED_BY={uuid.uuid4()}"
        self.seen = ""
        key, _, value = self.mark.partition("=")
        self._output, theirs = os.openpty() if terminal else os.pipe()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder), **(env or {}), key: value},
            stdin=theirs if terminal else subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=partial(_begin, terminal),
        )
        os.close(theirs)
        os.set_blocking(self._output, False)

    def until(self, pattern, within=LONG):
        """What it printed, once that matches."""
        self.wait(lambda: re.search(pattern, self.printed()) or self._ended(), within)
        found = re.search(pattern, self.printed())
        assert found, f"it ended; it printed:\n{self.seen}"
        return found

    def _ended(self):
        return self.process.poll() is not None

    def printed(self):
        # EIO is a terminal's end of file.
        with suppress(OSError):
            while said := os.read(self._output, 65536):
                self.seen += said.decode()
        return self.seen

    def end(self, within=LONG):
        """Its exit code."""
        self.wait(self._ended, within)
        self.printed()
        return self.process.returncode

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def alive(self):
        """The processes that live: zombies have neither environment nor folder."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._ours(path)]

    def gone(self, within=LONG):
        self.wait(lambda: not self.alive(), within)
        return True

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.close_terminal()

    def close_terminal(self):
        if self._output is not None:
            os.close(self._output)
        self._output = None

    def _ours(self, path):
        with suppress(OSError):
            if self.mark.encode() in (path / "environ").read_bytes():
                return True
            # PostgreSQL writes its titles over its environment.
            return (path / "cwd").readlink().is_relative_to(self.data)
        return False

    def wait(self, condition, within):
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"not in {within} s; it printed:\n{self.printed()}"
            time.sleep(0.02)
