"""When an automatic message may go: on any day, in any zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.limits.quiet_hours import Quiet, allowed, before, instant

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
SECONDS = st.integers(1_420_070_400, 2_366_841_600)
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0, tzinfo=None, fold=0))


def there(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-18T10:00", 24, "2026-11-17T10:00"),
        ("2026-11-18T10:00", 2, "2026-11-18T08:00"),
        ("2026-11-18T10:30", 36, "2026-11-16T22:30"),
        # The clocks went back on 1 November 2026 and go forward on 14 March 2027.
        ("2026-11-01T10:00", 24, "2026-10-31T10:00"),
        ("2026-11-01T10:00", 48, "2026-10-30T10:00"),
        ("2027-03-14T10:00", 24, "2027-03-13T10:00"),
        # Time that passes: two hours before 03:30 on a day without a third hour is 00:30.
        ("2027-03-14T03:30", 2, "2027-03-14T00:30"),
        # The day before has no 02:30: it is as much later as the clocks were put forward.
        ("2027-03-15T02:30", 24, "2027-03-14T03:30"),
        # The day before has 01:30 twice: the first.
        ("2026-11-02T01:30", 24, "2026-11-01T01:30"),
    ],
)
def test_a_reminder_is_due_so_long_before_by_the_clock_on_the_wall(
    start: str, hours: int, due: str
) -> None:
    assert before(there(start), timedelta(hours=hours), NEW_YORK) == there(due)


def test_of_a_start_that_exists_twice_the_hours_before_are_reckoned_from_the_one_meant() -> None:
    second = there("2026-11-01T01:30", fold=1)
    assert second - before(second, timedelta(hours=2), NEW_YORK) == timedelta(hours=2)


@given(start=INSTANTS, zone=ZONES, days=st.integers(1, 14))
def test_whole_days_before_keep_the_wall_time_wherever_that_exists(
    start: datetime, zone: ZoneInfo, days: int
) -> None:
    due = before(start, timedelta(days=days), zone)
    wanted = start.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
    shown = due.astimezone(zone).replace(tzinfo=None)
    exists = wanted.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    assert shown == wanted or exists.replace(tzinfo=None) != wanted
    assert due < start


@given(start=INSTANTS, zone=ZONES, hours=st.integers(1, 23))
def test_hours_before_are_hours_that_pass(start: datetime, zone: ZoneInfo, hours: int) -> None:
    assert start - before(start, timedelta(hours=hours), zone) == timedelta(hours=hours)


@given(start=INSTANTS, zone=ZONES, hours=st.lists(st.integers(1, 336), min_size=2, max_size=2))
def test_an_earlier_step_never_comes_after_a_later_one(
    start: datetime, zone: ZoneInfo, hours: list[int]
) -> None:
    near, far = (before(start, timedelta(hours=each), zone) for each in sorted(hours))
    # Of two steps whose walls show times in one gap of the clocks, the order may be lost there.
    assert far <= near + timedelta(hours=2)
    assert near < start


@given(due=INSTANTS, zone=ZONES, begins=CLOCKS, ends=CLOCKS, room=st.integers(1, 72))
def test_nothing_goes_in_quiet_hours_nor_too_early_nor_too_late(
    due: datetime, zone: ZoneInfo, begins: time, ends: time, room: int
) -> None:
    quiet = Quiet(begins, ends, zone)
    earliest, until = due - timedelta(hours=room), due + timedelta(hours=room)
    moment = allowed(due, earliest, until, quiet)
    if moment is not None:
        assert not quiet.holds(moment)
        assert earliest <= moment < until
        assert moment == due or quiet.holds(due)


@given(at=INSTANTS, zone=ZONES)
def test_quiet_hours_are_over_by_the_next_morning(at: datetime, zone: ZoneInfo) -> None:
    quiet = Quiet(time(21), time(8), zone)
    if quiet.holds(at):
        assert not quiet.holds(quiet.over(at))
        # A night in which the clocks go back, or a day that an island skipped, is longer.
        assert quiet.over(at) - at <= timedelta(hours=36)
        assert not quiet.holds(quiet.before(at))
    else:
        assert quiet.holds(quiet.begins_next(at))


@pytest.mark.parametrize(
    ("due", "booked", "until", "goes"),
    [
        ("2026-11-17T12:00", "2026-11-10T10:00", "2026-11-17T18:00", "2026-11-17T12:00"),
        # In the night: as soon as the quiet is over …
        ("2026-11-17T06:00", "2026-11-10T10:00", "2026-11-17T09:00", "2026-11-17T08:00"),
        ("2026-11-16T23:00", "2026-11-10T10:00", "2026-11-17T23:00", "2026-11-17T08:00"),
        # … or, where that is too late, before it began …
        ("2026-11-17T05:30", "2026-11-10T10:00", "2026-11-17T07:30", "2026-11-16T20:55"),
        # … unless it was not booked by then.
        ("2026-11-17T05:30", "2026-11-16T22:00", "2026-11-17T07:30", None),
    ],
)
def test_what_falls_into_quiet_hours_moves_to_the_allowed_edge(
    due: str, booked: str, until: str, goes: str | None
) -> None:
    quiet = Quiet(time(21), time(8), NEW_YORK)
    found = allowed(there(due), there(booked), there(until), quiet)
    assert found == (there(goes) if goes else None)


def test_an_instant_of_a_wall_time_that_exists_twice_is_the_first() -> None:
    wall = datetime.fromisoformat("2026-11-01 01:30")
    assert instant(wall, NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_quiet_hours_that_the_clocks_skip_begin_on_the_day_after() -> None:
    quiet = Quiet(time(2, 15), time(2, 45), NEW_YORK)
    assert quiet.begins_next(there("2026-03-07T12:00")) == there("2026-03-09T02:15")
