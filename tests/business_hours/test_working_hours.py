"""When somebody works: by their own week, what the business says of dates, but for days off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.business_hours.check_hours import WrongHours
from app.business_hours.check_working_hours import TypedOff, TypedWorking, check_working
from app.business_hours.hours_form import Row
from app.business_hours.opening_hours import Interval, OpeningHours
from app.business_hours.working_hours import Absence, Off, both, of_person

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
DAY = Interval(9 * 60, 18 * 60)
SHORT, LATE = Interval(9 * 60, 13 * 60), Interval(12 * 60, 20 * 60)
TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 12, day) for day in (1, 2, 3))
BUSINESS = OpeningHours(
    NEW_YORK,
    dict.fromkeys(range(7), (DAY,)),
    {WEDNESDAY: (SHORT,), THURSDAY: (DAY,)},
    holiday=lambda day: day == date(2026, 12, 25),
)
# Thursday is a holiday on which the business is open as usual.
USUAL = {WEDNESDAY: False, THURSDAY: True}
LATES = ((LATE,),) * 7
HOLIDAY = (Off(date(2026, 12, 7), date(2026, 12, 9), "Lisbon"),)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK).astimezone(UTC)


def test_their_own_week_counts_and_on_dates_of_the_business_what_both_have_in_common() -> None:
    hours = of_person(BUSINESS, USUAL, LATES, ()).hours
    assert hours
    assert hours.on(TUESDAY) == (LATE,)
    assert hours.on(WEDNESDAY) == (Interval(12 * 60, 13 * 60),)
    assert hours.on(THURSDAY) == (LATE,)
    assert hours.on(date(2026, 12, 25)) == ()


def test_whoever_has_none_works_while_the_business_is_open_but_for_days_off() -> None:
    theirs = of_person(BUSINESS, USUAL, None, HOLIDAY)
    assert theirs.hours and theirs.hours.on(TUESDAY) == (DAY,)
    for day, there in ((6, True), (7, False), (9, False), (10, True)):
        assert bool(theirs.hours.on(date(2026, 12, day))) is there


def test_what_speaks_against_a_time_is_told() -> None:
    theirs = of_person(BUSINESS, USUAL, ((SHORT, Interval(14 * 60, 18 * 60)),) * 7, HOLIDAY)

    def told(day: date, hour: int, lasts: int = 1) -> Absence | None:
        return theirs.absent(at(day, hour), at(day, hour) + lasts * HOUR, NEW_YORK)

    assert told(TUESDAY, 9) is told(TUESDAY, 12) is told(TUESDAY, 17) is None
    # Into the break, over it, and after the end.
    assert told(TUESDAY, 12, 2) is told(TUESDAY, 13) is told(TUESDAY, 12, 4) is Absence.CLOSED
    assert told(TUESDAY, 17, 2) is Absence.CLOSED
    assert told(date(2026, 12, 8), 10) is Absence.AWAY


def test_of_who_works_when_nothing_is_known_but_that_they_are_away() -> None:
    theirs = of_person(None, {}, None, HOLIDAY)
    assert theirs.hours is None
    assert theirs.absent(at(TUESDAY, 3), at(TUESDAY, 4), NEW_YORK) is None
    assert theirs.absent(at(HOLIDAY[0].last, 3), at(HOLIDAY[0].last, 4), NEW_YORK) is Absence.AWAY


def test_what_two_have_in_common_is_within_both() -> None:
    assert both((SHORT, Interval(840, 1080)), (Interval(600, 900),)) == (
        Interval(600, 780),
        Interval(840, 900),
    )
    assert both((SHORT,), ()) == ()


def typed(own: bool = True, week: str = "", *off: TypedOff) -> TypedWorking:
    return TypedWorking(own, ((Row(*week.split()) if week else Row(),),) * 7, off)


def test_what_is_typed_is_read_as_the_business_s_own_hours_are() -> None:
    days = TypedOff("2026-12-07", "2026-12-09", " Lisbon\n")
    found = check_working(typed(True, "9 5pm", days, TypedOff(), TypedOff("2026-12-24")))
    assert found.week == ((Interval(540, 1020),),) * 7
    christmas = Off(date(2026, 12, 24), date(2026, 12, 24))
    assert found.off == (*HOLIDAY, christmas)
    # Without hours of their own, what stands in the fields is nothing.
    assert check_working(typed(False, "nine 5pm")).week is None
    # Nobody works by mistake: no row at all is somebody who works on no day.
    assert check_working(typed(True)).week == ((),) * 7


@pytest.mark.parametrize(
    ("off", "says"),
    [
        (TypedOff("", "2026-12-09"), "Give the first and the last day"),
        (TypedOff("tomorrow", ""), "Give the first and the last day"),
        (TypedOff("2026-12-09", "2026-12-07"), "Swap them"),
        (TypedOff("2026-12-09", "2028-12-07"), "more than a year"),
    ],
)
def test_what_is_no_day_off_says_what_to_do(off: TypedOff, says: str) -> None:
    with pytest.raises(WrongHours) as caught:
        check_working(typed(True, "9 5pm", TypedOff("2026-12-24"), off))
    [(place, told)] = caught.value.errors.items()
    assert place == "exceptions.1"
    assert says in told
