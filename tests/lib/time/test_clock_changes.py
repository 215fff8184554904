"""Wall time where clocks change, in any zone: it never runs backwards."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.lib.time.clock_changes import comes_at, reached

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
SECONDS = st.integers(1_293_840_000, 2_366_841_600)
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
WALLS = INSTANTS.map(lambda instant: instant.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("zone", "wall", "shows"),
    [
        # It is left out: with the first time that is not.
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 03:00+02:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 03:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30+11:00"),
        ("America/Santiago", "2026-09-06 00:15", "2026-09-06 01:00-03:00"),
        # A whole day was.
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-31 00:00+14:00"),
        # It comes twice: the first.
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 02:30+02:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 01:30-04:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05 01:45+11:00"),
        # The change itself.
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 03:00+02:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 03:00+02:00"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 03:00+01:00"),
    ],
)
def test_a_wall_time_comes_once(zone: str, wall: str, shows: str) -> None:
    found = comes_at(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert found == datetime.fromisoformat(shows)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("at", "wall"),
    [
        ("2026-10-25 02:15+02:00", "2026-10-25 02:15"),
        ("2026-10-25 02:59:59+02:00", "2026-10-25 02:59:59"),
        # The second time the same hour is shown.
        ("2026-10-25 02:00+01:00", "2026-10-25 03:00"),
        ("2026-10-25 02:15:30+01:00", "2026-10-25 03:00"),
        ("2026-10-25 03:00:30+01:00", "2026-10-25 03:00:30"),
    ],
)
def test_while_an_hour_is_shown_once_more_its_end_is_reached(at: str, wall: str) -> None:
    assert reached(datetime.fromisoformat(at), BERLIN) == datetime.fromisoformat(wall)


@given(walls=st.lists(WALLS, min_size=2, max_size=2), zone=ZONES)
@example(
    walls=[datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 3)],  # noqa: DTZ001
    zone=BERLIN,
)
def test_a_later_wall_time_never_comes_before_an_earlier_one(
    walls: list[datetime], zone: ZoneInfo
) -> None:
    early, late = sorted(walls)
    assert comes_at(early, zone) <= comes_at(late, zone)


@given(wall=WALLS, zone=ZONES)
def test_a_wall_time_that_exists_is_shown_when_it_comes(wall: datetime, zone: ZoneInfo) -> None:
    shown = comes_at(wall, zone).astimezone(zone).replace(tzinfo=None, fold=0)
    exists = (
        wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
        == wall
    )
    assert (shown == wall) == exists
    # Samoa left out a day, others an hour or two at most.
    assert wall <= shown <= wall + timedelta(days=1)


@given(at=INSTANTS, zone=ZONES, later=st.integers(0, 10_000))
def test_what_is_reached_never_goes_back_and_is_no_later_than_it_comes(
    at: datetime, zone: ZoneInfo, later: int
) -> None:
    assert reached(at, zone) <= reached(at + timedelta(seconds=later), zone)
    comes = comes_at(reached(at, zone), zone)
    repeats = at.astimezone(zone).fold
    assert comes > at if repeats else comes == at
