"""Hours as somebody typed them: what is wrong, where, and what to do; the rest as it is stored."""

from dataclasses import replace
from datetime import date

import pytest

from app.business_hours.check_hours import (
    MOST_EXCEPTIONS,
    MOST_INTERVALS,
    WrongHours,
    check,
)
from app.business_hours.hours_form import (
    CLOSED,
    OTHER,
    USUAL,
    DatedHours,
    Row,
    Typed,
    TypedException,
)
from app.business_hours.opening_hours import Interval

DAY = (Row("9", "12:30"), Row("13.30", "6pm"))
NOTHING: tuple[Row, ...] = ()
WEEK = (*[DAY] * 5, (Row("22", "2"),), NOTHING)
TYPED = Typed(WEEK, False, (), False, "", ())


def wrong(typed: Typed) -> dict[str, str]:
    with pytest.raises(WrongHours) as refused:
        check(typed, "US")
    return refused.value.errors


def week(**days: tuple[Row, ...]) -> Typed:
    """Of the days given, mon to sun; the others are closed."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return replace(TYPED, week=tuple(days.get(name, NOTHING) for name in names))


def dated(*exceptions: TypedException) -> Typed:
    return replace(TYPED, exceptions=exceptions)


def test_hours_are_stored_in_minutes_in_their_order_and_without_empty_rows() -> None:
    entered = check(week(mon=(Row("13", "18"), Row(), Row("9", "12")), sat=(Row("22", "2"),)), "US")
    assert entered.week[0] == (Interval(540, 720), Interval(780, 1080))
    assert entered.week[5] == (Interval(1320, 1560),)
    assert entered.week[6] == ()


@pytest.mark.parametrize(
    ("rows", "place", "told"),
    [
        (
            (Row("9", "13"), Row("12", "18")),
            "week.0.1",
            "9:00 to 13:00 and 12:00 to 18:00 overlap.",
        ),
        # Whichever was typed first.
        (
            (Row("12", "18"), Row("9", "13")),
            "week.0.0",
            "9:00 to 13:00 and 12:00 to 18:00 overlap.",
        ),
        ((Row("9", "17"), Row("9", "17")), "week.0.1", "overlap"),
        ((Row("9", "17"), Row("nine", "")), "week.0.1", "“nine” is no time"),
        ((Row("", "17"),), "week.0.0", "Give both times"),
        ((Row("20", "8"), Row("22", "23")), "week.0.1", "overlap"),
        (tuple(Row(f"{n}:00", f"{n}:30") for n in range(11)), "week.0", "10 openings at most"),
    ],
)
def test_what_is_wrong_with_a_day_is_told_at_its_row(
    rows: tuple[Row, ...], place: str, told: str
) -> None:
    errors = wrong(week(mon=rows))
    assert told in errors[place] and len(errors) == 1


def test_intervals_that_touch_do_not_overlap() -> None:
    check(
        week(mon=(Row("9", "12"), Row("12", "18")), tue=(Row("0", "24"),), wed=(Row("0", "24"),)),
        "US",
    )


@pytest.mark.parametrize(
    ("days", "place"),
    [
        ({"mon": (Row("22", "2"),), "tue": (Row("1", "5"),)}, "week.1"),
        # The week is a circle.
        ({"sun": (Row("22", "2"),), "mon": (Row("1:30", "5"),)}, "week.0"),
    ],
)
def test_a_night_does_not_reach_into_the_next_morning(
    days: dict[str, tuple[Row, ...]], place: str
) -> None:
    assert "open until 2:00 in the morning" in wrong(week(**days))[place]


def test_a_night_may_end_where_the_morning_begins() -> None:
    check(week(sun=(Row("22", "2"),), mon=(Row("2", "5"),)), "US")


def test_never_open_has_to_be_said_outright() -> None:
    empty = replace(TYPED, week=(NOTHING,) * 7)
    assert "tick “No weekly hours”" in wrong(empty)["week"]
    assert not any(check(replace(empty, never=True), "US").week)
    assert "Take the hours out" in wrong(replace(TYPED, never=True))["week"]


def test_exceptions_are_closed_or_have_other_hours_or_the_usual_ones() -> None:
    entered = check(
        dated(
            TypedException("2026-12-24", OTHER, "  Christmas\nEve ", (Row("9", "13"), Row())),
            TypedException("2026-12-28", CLOSED, "Stocktaking\x00", (Row("9", "13"),)),
            TypedException("2026-11-26", USUAL, "", ()),
        ),
        "US",
    )
    assert entered.exceptions == (
        DatedHours(date(2026, 12, 24), "Christmas Eve", False, (Interval(540, 780),)),
        DatedHours(date(2026, 12, 28), "Stocktaking", False, ()),
        DatedHours(date(2026, 11, 26), "", True, ()),
    )


@pytest.mark.parametrize(
    ("exception", "place", "told"),
    [
        (TypedException("", CLOSED, "Party"), "exceptions.0", "Give a date"),
        (TypedException("24.12.", CLOSED, ""), "exceptions.0", "Give a date"),
        (TypedException("2026-02-30", CLOSED, ""), "exceptions.0", "Give a date"),
        (TypedException("0001-01-01", CLOSED, ""), "exceptions.0", "Give a date"),
        (TypedException("9999-12-31", CLOSED, ""), "exceptions.0", "Give a date"),
        (TypedException("2026-12-24", OTHER, "", (Row(),)), "exceptions.0", "Give the hours"),
        (TypedException("2026-12-24", "maybe", ""), "exceptions.0", "Choose whether"),
        (TypedException("2026-12-24", OTHER, "", (Row("9", "x"),)), "exceptions.0.0", "“x” is no"),
    ],
)
def test_what_is_wrong_with_an_exception_is_told_at_it(
    exception: TypedException, place: str, told: str
) -> None:
    assert told in wrong(dated(exception))[place]


def test_a_date_is_there_once() -> None:
    twice = (TypedException("2026-12-24", CLOSED, ""), TypedException("2026-12-24", USUAL, ""))
    assert wrong(dated(*twice)) == {
        "exceptions.1": "This date is there twice. Take one of them out."
    }


def test_nobody_has_endless_dates_or_notes() -> None:
    many = [
        TypedException(f"{2027 + n // 300}-01-01", CLOSED, "") for n in range(MOST_EXCEPTIONS + 1)
    ]
    assert "200 dates at most" in wrong(dated(*many))["exceptions"]
    [one] = check(dated(TypedException("2026-12-24", CLOSED, "x" * 9999)), "US").exceptions
    assert len(one.note) == 100
    errors = wrong(week(mon=tuple(Row("x" * 99, "y") for _ in range(999))))
    assert len(errors) <= MOST_INTERVALS + 1


def test_a_region_is_one_of_the_country() -> None:
    assert check(replace(TYPED, region="NY"), "US").region == "NY"
    assert check(replace(TYPED, region="BY"), "US").region is None
    assert check(replace(TYPED, region="'; --"), "US").region is None
