"""What `make run` with its demo takes while nobody does anything: `python -m bench.idle` tells it
of each process, too, its own PostgreSQL and Valkey included.

Memory is PSS: a page that several processes share counts in parts (proc(5), smaps_rollup).
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.servers.kept import free_port

PROJECT = Path(__file__).parent.parent
MOST_MB, MOST_CPU = 420, 2.0
# In a minute each job of the timetable that is no hourly one has run.
SETTLED_SECONDS, SECONDS = 60.0, 60.0
# What else may be given would make it another product.
GIVEN = ("PATH", "HOME", "LANG", "TMPDIR")
READY = b"Ctrl-C"


class Taken(NamedTuple):
    """By a process: memory, and the processor's time since it began."""

    command: str
    mb: float
    seconds: float


def measure() -> list[dict[str, object]]:
    """The memory of all processes, and how much of the machine's processors they use."""
    with product() as supervisor:
        time.sleep(SETTLED_SECONDS)
        before = taken(supervisor)
        time.sleep(SECONDS)
        after = taken(supervisor)
    seconds = {pid: each.seconds - _before(before, pid) for pid, each in after.items()}
    for pid, each in sorted(after.items(), key=lambda of: -of[1].mb):
        print(f"{each.mb:7.1f} MB {seconds[pid]:6.2f} s  {each.command}", flush=True)
    used = 100 * sum(seconds.values()) / SECONDS / (os.cpu_count() or 1)
    return [
        _row(
            "make run, idle: memory (PSS)", sum(each.mb for each in after.values()), "MB", MOST_MB
        ),
        _row("the same: of the machine's processors", used, "%", MOST_CPU),
    ]


@contextmanager
def product() -> Iterator[int]:
    """The supervisor's process; the product is ready, and made its demo when it ran before."""
    with tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as another user when we are root.
        Path(folder).chmod(0o711)
        given = {key: os.environ[key] for key in GIVEN if key in os.environ}
        ports = {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port())}
        env = {**given, **ports, "VAR_DIR": folder}
        with _running(env):
            pass
        with _running(env) as process:
            yield process.pid


@contextmanager
def _running(env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "app.supervisor"]
    with subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout  # noqa: S101 — for the type checker
        try:
            if not any(READY in line for line in process.stdout):
                raise RuntimeError("make run did not start")
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()


def taken(supervisor: int) -> dict[int, Taken]:
    """By each process of the product: they are the supervisor, and whoever descends from it."""
    return {pid: _taken(Path(f"/proc/{pid}")) for pid in [supervisor, *_descendants(supervisor)]}


def _descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from _descendants(child)


def _taken(process: Path) -> Taken:
    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    memory = re.search(r"^Pss: +(\d+) kB", (process / "smaps_rollup").read_text(), re.M)
    user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
    return Taken(
        command=command.replace(sys.executable, "python")[:80],
        mb=int(memory[1]) / 1024 if memory else 0.0,
        seconds=(int(user) + int(system)) / os.sysconf("SC_CLK_TCK"),
    )


def _before(taken: dict[int, Taken], process: int) -> float:
    return taken[process].seconds if process in taken else 0.0


def _row(name: str, ours: float, unit: str, most: float) -> dict[str, object]:
    return {
        "name": name,
        "ours": round(ours, 2),
        "floor": 0,
        "unit": unit,
        "ratio": None,
        "goal": f"at most {most:g}",
        "holds": ours <= most,
    }


if __name__ == "__main__":
    for row in measure():
        print(f"{row['name']}: {row['ours']} {row['unit']}, goal: {row['goal']}")
