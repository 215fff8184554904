"""A program under test: what it prints, the processes it consists of, and its end."""

import os
import re
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from pathlib import Path


class Started:
    """Starts the command in a project; what it starts is found by a mark, or by its folder."""

    def __init__(self, *command, folder, env=None):
        self.folder = folder
        self.mark = f"STARTED_BY={uuid.uuid4()}"
        self.seen = ""
        key, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder), **(env or {}), key: value},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.set_blocking(self.process.stdout.fileno(), False)

    def until(self, pattern, within=20.0):
        """What it printed, once that matches."""
        self.wait(lambda: re.search(pattern, self.printed()), within)
        return re.search(pattern, self.seen)

    def printed(self):
        with suppress(BlockingIOError):
            self.seen += (self.process.stdout.read() or b"").decode()
        return self.seen

    def end(self, within=12.0):
        """Its exit code."""
        self.wait(lambda: self.process.poll() is not None, within)
        self.printed()
        return self.process.returncode

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def alive(self):
        """The processes that live: zombies have neither environment nor folder."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._ours(path)]

    def gone(self, within=5.0):
        self.wait(lambda: not self.alive(), within)
        return True

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def _ours(self, path):
        with suppress(OSError):
            if self.mark.encode() in (path / "environ").read_bytes():
                return True
            # PostgreSQL writes its titles over its environment.
            return (path / "cwd").readlink().is_relative_to(self.folder / "var")
        return False

    def wait(self, condition, within):
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"not in {within} s; it printed:\n{self.printed()}"
            time.sleep(0.02)
