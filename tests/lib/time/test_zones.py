"""Time zones come from one source, the pinned package, whatever the machine has."""

import importlib.metadata
import json
import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest

import app
from app.lib.time import zones
from app.lib.time.clock import read

PROJECT = Path(__file__).parents[3]
# It compares the two.
ASKS = "app/operations/zone_check.py"
OURS = ("app", "admin_views", "jobs", "scripts", "faults")


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


def test_every_zone_is_known_at_once_and_to_the_minute() -> None:
    before = datetime(2026, 11, 29, 15, 59, 59, tzinfo=UTC)
    for instant in (before, before + timedelta(seconds=1), before - timedelta(days=180)):
        known = json.loads(zones.offsets(instant))
        assert known == {name: zones.offset(instant, name) for name in available_timezones()}


def test_postgresql_is_asked_for_no_zone() -> None:
    """Its zones are of another date than Python's: a day that both reckon would be two. UTC has
    no rules that could differ."""
    zone = r"at time zone|\btimezone\((?!.UTC.)[^=]*,|func\.timezone\((?!.UTC.)"
    asked = re.compile(rf"{zone}|date_trunc|func\.date\(", re.I)
    assert [path for path in _sources() if asked.search((PROJECT / path).read_text())] == [ASKS]


def _sources() -> Iterator[str]:
    for folder in OURS:
        found = (PROJECT / folder).rglob("*.*")
        for path in sorted(each for each in found if each.suffix in {".py", ".sql"}):
            yield str(path.relative_to(PROJECT))
