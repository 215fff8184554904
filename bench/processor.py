"""What a process takes of the machine: the processor's time, which another program disturbs less
than the clock's, and memory."""

import os
from contextlib import suppress
from pathlib import Path


def cpu_seconds(process: int) -> float:
    """Seconds that the threads of a process and of those that it has started have had by now."""
    running = sum(sum(map(_had, path.glob("task/*/schedstat"))) for path in _family(process))
    return running + _reaped(process)


def memory_mb(process: int) -> float:
    """PSS: of what it shares with others its part (proc(5), smaps_rollup)."""
    lines = (Path("/proc") / str(process) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def postmaster(folder: Path) -> int:
    """The process of the PostgreSQL that is embedded in this folder."""
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def _family(process: int) -> list[Path]:
    all_ = (path for path in Path("/proc").glob("[0-9]*"))
    return [path for path in all_ if int(path.name) == process or _parent(path) == process]


def _parent(path: Path) -> int:
    with suppress(OSError):
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _reaped(process: int) -> float:
    """What those had that it has started and that are over: proc(5), cutime and cstime."""
    with suppress(OSError):
        fields = (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return 0


def _had(schedstat: Path) -> float:
    with suppress(OSError):
        return int(schedstat.read_text().split()[0]) / 1e9
    return 0
