"""Starting and stopping the servers' processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from app.servers import kept
from app.servers.server_errors import ServerError

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_LIMIT = 5_000_000
READY_WITHIN = 30.0


class Server(Protocol):
    """What both servers offer to whoever runs them."""

    name: str
    stop_signal: signal.Signals

    @property
    def url(self) -> str: ...

    @property
    def folder(self) -> Path:
        """Where it works."""

    @property
    def user(self) -> int | None:
        """Whom to become, or None to stay who we are."""

    @property
    def log(self) -> Path: ...

    def prepare(self) -> None:
        """Make its data and choose its port. Raises ServerError."""

    def command(self) -> list[str]: ...

    def answers(self) -> bool: ...

    def leaving(self) -> bool:
        """Whether it waits for its last client to go, and answers nobody else."""

    def finish(self) -> None:
        """What is left to do once it answers."""


Process = subprocess.Popen[bytes]


def launched(
    command: list[str], death_signal: signal.Signals, user: int | None = None
) -> list[str]:
    """The command, such that it gets the signal when this process dies.

    The kernel means the thread: start it from a thread that lives as long as the process.
    """
    who = "-" if user is None else str(user)
    launcher = [sys.executable, "-SE", str(LAUNCHER)]
    return [*launcher, str(os.getpid()), str(int(death_signal)), who, *command]


def start(
    server: Server, environment: Mapping[str, str] | None = None, by: Sequence[str] = ()
) -> Process:
    """Start a prepared server in a session of its own, writing to its log.

    by: a command that becomes the one which follows it, such as nsenter.
    """
    with open_log(server.log).open("ab") as log:
        return subprocess.Popen(
            [*by, *launched(server.command(), server.stop_signal, server.user)],
            cwd=server.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(server: Server, process: Process) -> None:
    """Return when the server answers; raise ServerError when it ended or took too long."""
    deadline = time.monotonic() + READY_WITHIN
    while not server.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"{server.name} does not start: {last_line(server.log)}")
        time.sleep(0.02)
    server.finish()


def stop(process: Process, asking: signal.Signals, within: float = 8.0) -> None:
    process.send_signal(asking)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def open_log(path: Path) -> Path:
    """The log's path; a log that has grown large is put aside as `.old` first."""
    kept.private_folder(path.parent)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old"))
    path.touch(mode=0o600)
    return path


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "it says nothing") + (
        f" (more in {log})"
    )
