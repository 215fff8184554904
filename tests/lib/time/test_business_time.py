"""When something is, as the pages of a business say it."""

from datetime import UTC, date, datetime

import pytest

from app.lib.time.business_time import BusinessTime

NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
# (zone, locale, time, whole, with weekday, its week begins, that week)
BUSINESSES = [
    (
        ("America/New_York", "en_US"),
        ("6:30 PM", "Nov 20, 2026, 6:30 PM", "Fri, Nov 20, 6:30 PM"),
        (date(2026, 11, 15), "Nov 15 – 21, 2026"),
    ),
    (
        ("Europe/London", "en_GB"),
        ("23:30", "20 Nov 2026, 23:30", "Fri 20 Nov, 23:30"),
        (date(2026, 11, 16), "16–22 Nov 2026"),
    ),
    (
        ("Europe/Madrid", "es_ES"),
        ("00:30", "21 Nov 2026, 00:30", "Sat, 21 Nov, 00:30"),
        (date(2026, 11, 16), "16–22 Nov 2026"),
    ),
    # CLDR knows no English of Mexico.
    (
        ("America/Mexico_City", "es_MX"),
        ("5:30 pm", "20 Nov 2026, 5:30 pm", "Fri, 20 Nov, 5:30 pm"),
        (date(2026, 11, 15), "15–21 Nov 2026"),
    ),
]


@pytest.mark.parametrize(("home", "says", "week"), BUSINESSES)
def test_times_are_written_as_where_the_business_is(
    home: tuple[str, str], says: tuple[str, str, str], week: tuple[date, str]
) -> None:
    wall = BusinessTime(*home)
    assert (wall.time(EVENING), wall.full(EVENING), wall.near(EVENING, NOW)) == says
    first = wall.week(wall.day(EVENING))
    last = date.fromordinal(first.toordinal() + 6)
    assert (first, wall.between(first, last).replace("\u2009", " ")) == week
    assert {wall.week(date.fromordinal(first.toordinal() + day)) for day in range(7)} == {first}


@pytest.mark.parametrize(
    ("at", "brief", "soon"),
    [
        (NOW, "12:00 PM", "Today, 12:00 PM"),
        (datetime(2026, 11, 18, 4, 0, tzinfo=UTC), "Yesterday", "Yesterday, 11:00 PM"),
        (datetime(2026, 11, 15, 17, 0, tzinfo=UTC), "Sun", "Sun, Nov 15, 12:00 PM"),
        (datetime(2026, 11, 1, 17, 0, tzinfo=UTC), "Nov 1", "Sun, Nov 1, 12:00 PM"),
        (datetime(2025, 11, 1, 16, 0, tzinfo=UTC), "Nov 1, 2025", "Sat, Nov 1, 2025, 12:00 PM"),
        (datetime(2026, 11, 20, 4, 0, tzinfo=UTC), "Nov 19", "Tomorrow, 11:00 PM"),
    ],
)
def test_what_is_near_is_said_in_short(at: datetime, brief: str, soon: str) -> None:
    wall = BusinessTime("America/New_York", "en_US")
    assert (wall.brief(at, NOW), wall.soon(at, NOW)) == (brief, soon)


def test_days_are_named_as_people_do() -> None:
    wall, today = BusinessTime("America/New_York", "en_US"), date(2026, 11, 18)
    named = [wall.heading(date(2026, 11, day), today) for day in (1, 17, 18, 19)]
    assert named == ["Sunday, November 1, 2026", "Yesterday", "Today", "Tomorrow"]
