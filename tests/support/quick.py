"""`make test QUICK=1` leaves out what a full run has found slow: the test functions listed in
slow_tests.txt. `make test ARGS=--note-slow` writes that list anew."""

from collections import Counter
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("slow_tests.txt")
# Seconds that a function may take for all its parameters together, with setup and teardown.
MOST = 0.3
_seconds: Counter[str] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="without what slow_tests.txt lists")
    parser.addoption("--note-slow", action="store_true", help="write slow_tests.txt anew")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[_function(report.nodeid)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("note_slow") and not hasattr(session.config, "workerinput"):
        slow = sorted(name for name, seconds in _seconds.items() if seconds > MOST)
        LIST.write_text("".join(f"{name}\n" for name in slow), "utf-8")


def leave_out_slow(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the functions on the list, where the run is a quick one."""
    if not config.getoption("quick"):
        return
    slow = set(LIST.read_text("utf-8").split())
    out = [item for item in items if _function(item.nodeid) in slow]
    items[:] = [item for item in items if _function(item.nodeid) not in slow]
    config.hook.pytest_deselected(items=out)


def _function(nodeid: str) -> str:
    return nodeid.partition("[")[0]
