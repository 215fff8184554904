"""Time zones come from one source, the pinned package, whatever the machine has."""

import importlib.metadata
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path

import pytest

import app
from app.lib.time.clock import read

PROJECT = Path(__file__).parents[3]
# An hour moves the midnight of a limit there, and no message; the last compares the two.
MAY_ASK = {
    "app/outbox/queue/daily_limit.py",
    "app/operations/limit_warnings.py",
    "app/operations/zone_check.py",
}


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        # What changed in 2026; an operating system may not know.
        ("America/Vancouver", datetime(2026, 12, 1, 21, 30, tzinfo=UTC)),
        ("America/Winnipeg", datetime(2026, 12, 1, 19, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 1, 19, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_read_by_the_newest_zones(zone: str, instant: datetime) -> None:
    assert read("2026-12-01T14:30", zone) == instant


def test_the_operating_systems_zones_are_not_asked() -> None:
    assert app and zoneinfo.TZPATH == ()
    assert importlib.metadata.version("tzdata") in (PROJECT / "requirements.in").read_text()


def test_postgresql_is_asked_for_no_zone() -> None:
    """Its zones are of another date than Python's: a day that both reckon would be two."""
    asked = ("at time zone", "func.timezone", "date_trunc", "func.date(")
    for path in [*(PROJECT / "app").rglob("*.py"), *(PROJECT / "app").rglob("*.sql")]:
        if str(path.relative_to(PROJECT)) not in MAY_ASK:
            assert not [each for each in asked if each in path.read_text().lower()], path
