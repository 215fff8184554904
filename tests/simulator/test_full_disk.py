"""The machine's disk is nearly full while the simulator says so, and not a moment longer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.health.checks.platform import disk
from app.health.finding import State
from app.simulator.breakages import beside, full_disk

MB = 1024**2
HELD = 512 * MB


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No more than half a gigabyte is held here, as others need the disk at this moment."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(full_disk, "LEFT", shutil.disk_usage(tmp_path).free - HELD)
    yield tmp_path
    full_disk.fill(on=False)


def held(folder: Path) -> int:
    """What our own open files without a name occupy of it, in bytes."""
    links = list(Path("/proc/self/fd").iterdir())
    ours = [each for each in links if each.is_symlink() and str(folder) in str(each.readlink())]
    return sum(each.stat().st_blocks * 512 for each in ours if each.stat().st_nlink == 0)


def test_all_but_the_last_of_the_disk_is_held_and_given_back(little: Path) -> None:
    assert "full_disk" in beside.there()
    beside.change("full_disk", on=True)
    # Others write beside this test, so that it is about as much as was free.
    assert HELD * 0.5 < held(little) < HELD * 1.5
    assert beside.broken() == ["full_disk"]
    assert list(little.iterdir()) == [], "it has no name that a killed simulator would leave"
    beside.change("full_disk", on=True)
    assert held(little) < HELD * 1.5, "twice is no more than once"
    beside.change("full_disk", on=False)
    assert (held(little), beside.broken()) == (0, [])


def test_what_is_left_is_so_little_that_the_product_says_so() -> None:
    assert disk.judge(full_disk.GB).state is State.WARNING
    assert full_disk.LEFT == full_disk.GB


def test_what_is_in_memory_is_not_filled(little: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", "/dev/shm")  # noqa: S108
    assert "full_disk" not in beside.there()
