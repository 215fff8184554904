"""When a business is open, by the clock on its wall: any week, in any zone, at any instant."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.business_hours.opening_hours import LIMIT, Interval, OpeningHours, Period
from app.lib.time.clock_changes import reached
from tests.business_hours.strategies import DATES, INSTANTS, WEEKS, hours

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
LORD_HOWE, APIA = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ALWAYS = {day: (Interval(0, 1440),) for day in range(7)}
# Monday to Friday with an hour for lunch; on Friday and Saturday a bar until two.
SALON = OpeningHours(
    NEW_YORK,
    {
        **{day: (Interval(9 * 60, 12 * 60), Interval(13 * 60, 18 * 60)) for day in range(5)},
        5: (Interval(22 * 60, 26 * 60),),
    },
    {date(2026, 12, 24): (Interval(9 * 60, 13 * 60),), date(2026, 12, 28): ()},
    lambda day: day in (date(2026, 11, 26), date(2026, 12, 25)),
)


def there(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def shown(instant: datetime | None, zone: ZoneInfo = NEW_YORK) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else "never"


@pytest.mark.parametrize(
    ("at", "is_open", "opens", "closes"),
    [
        ("2026-11-18 08:59:59", False, "2026-11-18 09:00", "2026-11-18 12:00"),
        ("2026-11-18 09:00", True, "2026-11-18 13:00", "2026-11-18 12:00"),
        ("2026-11-18 12:00", False, "2026-11-18 13:00", "2026-11-18 18:00"),
        ("2026-11-18 17:59:59", True, "2026-11-19 09:00", "2026-11-18 18:00"),
        # Thanksgiving is a Thursday.
        ("2026-11-25 18:00", False, "2026-11-27 09:00", "2026-11-27 12:00"),
        # The night of a Saturday, over midnight; Sunday is closed.
        ("2026-11-21 23:30", True, "2026-11-23 09:00", "2026-11-22 02:00"),
        ("2026-11-22 01:59", True, "2026-11-23 09:00", "2026-11-22 02:00"),
        ("2026-11-22 02:00", False, "2026-11-23 09:00", "2026-11-23 12:00"),
        # Other hours on a date, and a date that is closed.
        ("2026-12-24 12:30", True, "2026-12-26 22:00", "2026-12-24 13:00"),
        ("2026-12-27 02:00", False, "2026-12-29 09:00", "2026-12-29 12:00"),
    ],
)
def test_it_is_open_when_its_week_its_exceptions_and_its_holidays_say(
    at: str, is_open: bool, opens: str, closes: str
) -> None:
    now = there(at)
    assert SALON.is_open(now) == is_open
    assert shown(SALON.opens_next(now)) == opens
    assert shown(SALON.closes_next(now)) == closes


def test_an_exception_holds_on_a_holiday_too() -> None:
    day = date(2026, 11, 26)
    open_then = OpeningHours(NEW_YORK, SALON.week, {day: (Interval(600, 660),)}, SALON.holiday)
    assert not SALON.is_open(there("2026-11-26 10:30"))
    assert open_then.is_open(there("2026-11-26 10:30"))


def test_a_closed_period_is_the_same_from_its_first_to_its_last_moment() -> None:
    weekend = Period(there("2026-11-22 02:00"), there("2026-11-23 09:00"))
    for at in ("2026-11-22 02:00", "2026-11-22 13:00", "2026-11-23 08:59:59"):
        assert SALON.closed_period(there(at)) == weekend
    assert SALON.closed_period(there("2026-11-23 09:00")) is None


def test_who_never_opens_has_no_next_opening_and_no_last_closing() -> None:
    never, now = OpeningHours(BERLIN, {}), there("2026-11-18 12:00")
    assert never.closed_period(now) == Period(None, None)
    assert never.opens_next(now) is None and never.closes_next(now) is None
    assert never.after(now, MINUTE) is None


def test_who_never_closes_has_no_next_closing() -> None:
    always, now = OpeningHours(BERLIN, ALWAYS), there("2026-11-18 12:00")
    assert always.closed_period(now) is None
    assert always.closes_next(now) is None and always.opens_next(now) is None
    assert always.after(now, timedelta(hours=30)) == now + timedelta(hours=30)


@pytest.mark.parametrize(("days", "found"), [(LIMIT - 1, True), (LIMIT + 1, False)])
def test_what_is_too_far_away_is_never(days: int, found: bool) -> None:
    now = there("2026-11-18 12:00")
    then = now.date() + days * DAY
    once = OpeningHours(NEW_YORK, {}, {then: (Interval(12 * 60, 13 * 60),)})
    assert (once.opens_next(now) is not None) == found
    assert (once.closed_period(now + 2 * days * DAY) == Period(None, None)) == (not found)


@pytest.mark.parametrize(
    ("at", "minutes", "then"),
    [
        ("2026-11-18 10:00", 60, "2026-11-18 11:00"),
        ("2026-11-18 11:30", 60, "2026-11-18 13:30"),
        # Until the closing is before the next opening.
        ("2026-11-18 10:00", 120, "2026-11-18 12:00"),
        ("2026-11-18 12:30", 1, "2026-11-18 13:01"),
        # Over a night, a holiday, and a night that is open.
        ("2026-11-25 17:00", 120, "2026-11-27 10:00"),
        ("2026-11-20 17:00", 4 * 60, "2026-11-22 01:00"),
        ("2026-11-20 17:00", 6 * 60, "2026-11-23 10:00"),
        ("2026-11-20 18:00", 0, "2026-11-21 22:00"),
        ("2026-11-20 17:00", 0, "2026-11-20 17:00"),
    ],
)
def test_business_time_passes_while_it_is_open(at: str, minutes: int, then: str) -> None:
    assert shown(SALON.after(there(at), minutes * MINUTE)) == then


@pytest.mark.parametrize(
    ("zone", "at", "fold", "minutes", "then"),
    [
        # Four hours after ten in the evening it is two o'clock, whatever the clocks did meanwhile.
        (BERLIN, "2026-03-28 22:00", 0, 240, "2026-03-29 03:00+02:00"),
        (BERLIN, "2026-03-28 22:00", 0, 330, "2026-03-29 03:30+02:00"),
        (BERLIN, "2026-10-24 22:00", 0, 240, "2026-10-25 02:00+02:00"),
        (BERLIN, "2026-10-24 22:00", 0, 330, "2026-10-25 03:30+01:00"),
        # The hour that comes twice has been counted when it begins once more.
        (BERLIN, "2026-10-25 02:15", 0, 30, "2026-10-25 02:45+02:00"),
        (BERLIN, "2026-10-25 02:15", 1, 30, "2026-10-25 03:30+01:00"),
        # Half an hour on Lord Howe Island; in Samoa there was no 30 December.
        (LORD_HOWE, "2026-10-04 01:00", 0, 75, "2026-10-04 02:30+11:00"),
        (LORD_HOWE, "2026-04-05 01:15", 0, 60, "2026-04-05 02:15+10:30"),
        (APIA, "2011-12-29 23:00", 0, 120, "2011-12-31 01:00+14:00"),
    ],
)
def test_business_time_is_reckoned_by_the_wall_through_a_clock_change(
    zone: ZoneInfo, at: str, fold: int, minutes: int, then: str
) -> None:
    always = OpeningHours(zone, ALWAYS)
    assert always.after(there(at, zone, fold), minutes * MINUTE) == datetime.fromisoformat(then)


@pytest.mark.parametrize(
    ("interval", "opens", "closes"),
    [
        # In March there is no 02:30, and in October there are two.
        ((150, 300), "2026-03-29 03:00+02:00", "2026-03-29 05:00+02:00"),
        ((60, 150), "2026-03-29 01:00+01:00", "2026-03-29 03:00+02:00"),
        ((150, 300), "2026-10-25 02:30+02:00", "2026-10-25 05:00+01:00"),
        ((60, 150), "2026-10-25 01:00+02:00", "2026-10-25 02:30+02:00"),
    ],
)
def test_a_doubled_opening_counts_once_and_a_skipped_one_moves_forward(
    interval: tuple[int, int], opens: str, closes: str
) -> None:
    sundays = OpeningHours(BERLIN, {6: (Interval(*interval),)})
    before = datetime.fromisoformat(opens) - DAY
    assert sundays.opens_next(before) == datetime.fromisoformat(opens)
    assert sundays.closes_next(before) == datetime.fromisoformat(closes)
    again = sundays.opens_next(datetime.fromisoformat(closes))
    assert again and again - before > 6 * DAY


def test_hours_that_the_clocks_leave_out_are_no_opening() -> None:
    sundays = OpeningHours(BERLIN, {6: (Interval(130, 170),)})
    found = sundays.opens_next(there("2026-03-28 12:00", BERLIN))
    assert shown(found, BERLIN) == "2026-04-05 02:10"


@given(hours=hours(), at=INSTANTS)
def test_it_is_open_where_the_time_on_its_wall_lies_in_an_interval(
    hours: OpeningHours, at: datetime
) -> None:
    # While an hour is shown once more, its last moment lasts.
    wall = reached(at, hours.zone) - at.astimezone(hours.zone).fold * timedelta(microseconds=1)
    minute = timedelta(hours=wall.hour, minutes=wall.minute) // MINUTE
    evening, today = hours.on(wall.date() - DAY), hours.on(wall.date())
    assert hours.is_open(at) == any(
        opens <= now < closes
        for intervals, now in ((today, minute), (evening, minute + 1440))
        for opens, closes in intervals
    )


@given(hours=hours(), at=INSTANTS, share=st.floats(0, 1))
def test_a_closed_period_has_one_identity_and_ends_where_it_opens(
    hours: OpeningHours, at: datetime, share: float
) -> None:
    period = hours.closed_period(at)
    if period is None:
        assert hours.is_open(at)
        return
    begins, ends = period
    assert not hours.is_open(at)
    assert ends is None or (hours.is_open(ends) and ends > at)
    assert begins is None or (begins <= at and hours.is_open(begins - MINUTE / 60))
    if begins and ends:
        within = begins + (ends - begins) * min(share, 0.999)
        assert hours.closed_period(within) == period


@given(hours=hours(), at=INSTANTS)
def test_openings_and_closings_take_turns(hours: OpeningHours, at: datetime) -> None:
    opens, closes = hours.opens_next(at), hours.closes_next(at)
    if opens:
        assert opens > at and hours.is_open(opens)
    if closes:
        assert closes > at and not hours.is_open(closes)
    if opens and closes:
        assert hours.is_open(at) == (closes < opens)
    turns = [at, *sorted(filter(None, (opens, closes)))]
    for before, after in pairwise(turns):
        assert hours.is_open(before) == hours.is_open(before + (after - before) * 0.5)


@given(hours=hours(), at=INSTANTS, minutes=st.integers(0, 6000), later=st.integers(0, 6000))
def test_business_time_ends_within_hours_and_never_goes_back(
    hours: OpeningHours, at: datetime, minutes: int, later: int
) -> None:
    found = hours.after(at, minutes * MINUTE)
    if found is None:
        assert hours.after(at, (minutes + later) * MINUTE) is None
        return
    assert found >= at
    assert hours.is_open(found) or hours.is_open(found - MINUTE / 60)
    more = hours.after(at, (minutes + later) * MINUTE)
    assert more is None or more >= found
    from_later = hours.after(at + later * MINUTE, minutes * MINUTE)
    assert from_later is None or from_later >= found


@given(
    week=WEEKS,
    dates=DATES,
    at=INSTANTS,
    first=st.integers(1, 3000),
    second=st.integers(1, 3000),
)
def test_business_time_adds_up_where_clocks_do_not_change(
    week: dict[int, tuple[Interval, ...]],
    dates: dict[date, tuple[Interval, ...]],
    at: datetime,
    first: int,
    second: int,
) -> None:
    hours = OpeningHours(ZoneInfo("UTC"), week, dates)
    whole, part = hours.after(at, (first + second) * MINUTE), hours.after(at, first * MINUTE)
    assume(whole and part)
    assert hours.after(part, second * MINUTE) == whole
