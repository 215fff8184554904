"""Which parts of a day's column are shaded, by the wall clock of the business."""

from datetime import date
from zoneinfo import ZoneInfo

from app.appointments.shading import shaded
from app.business_hours.opening_hours import Interval, OpeningHours
from app.business_hours.working_hours import Off, WorkingHours

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY, MONDAY = date(2026, 11, 1), date(2026, 11, 2)
NOBODY_SAID = WorkingHours(None)


def works(*spans: Interval, off: tuple[Off, ...] = ()) -> WorkingHours:
    return WorkingHours(OpeningHours(NEW_YORK, {0: spans, 6: spans}), off)


def test_what_is_before_between_and_after_the_hours_is_shaded() -> None:
    day = works(Interval(540, 720), Interval(780, 1080))
    assert shaded(day, MONDAY, NEW_YORK) == ((0, 540), (720, 780), (1080, 1440))
    # On the day on which an hour comes twice, too.
    assert shaded(day, SUNDAY, NEW_YORK) == ((0, 540), (720, 780), (1080, 1440))
    assert shaded(works(), MONDAY, NEW_YORK) == ((0, 1440),)
    assert shaded(works(Interval(0, 1440)), MONDAY, NEW_YORK) == ()


def test_a_night_s_morning_is_not_shaded_on_the_day_after() -> None:
    night = works(Interval(1200, 1560))
    assert shaded(night, MONDAY, NEW_YORK) == ((120, 1200),)


def test_a_day_off_is_shaded_as_a_whole_and_nothing_is_where_nobody_has_said() -> None:
    off = (Off(MONDAY, MONDAY),)
    assert shaded(works(Interval(540, 720), off=off), MONDAY, NEW_YORK) == ((0, 1440),)
    assert shaded(WorkingHours(None, off), MONDAY, NEW_YORK) == ((0, 1440),)
    assert shaded(NOBODY_SAID, MONDAY, NEW_YORK) == ()
