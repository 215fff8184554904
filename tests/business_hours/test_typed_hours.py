"""Times as people type them, and what is said where they are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.business_hours.opening_hours import Interval
from app.business_hours.tell_hours import clock
from app.business_hours.typed_hours import NoHours, interval, minute, shown
from app.lib.time.locales import locales, on_pages
from app.notifications.content.template_languages import LANGUAGES


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("9", "9:00"),
        ("9:30", "9:30"),
        ("09:30", "9:30"),
        ("9am", "9:00"),
        ("9 AM", "9:00"),
        ("17.30", "17:30"),
        ("5 p.m.", "17:00"),
        ("5:15PM", "17:15"),
        ("5p", "17:00"),
        ("12 am", "0:00"),
        ("12:30 a.m.", "0:30"),
        ("12pm", "12:00"),
        ("930", "9:30"),
        ("1730", "17:30"),
        ("9h30", "9:30"),
        ("9 h", "9:00"),
        ("0", "0:00"),
        ("24", "24:00"),
        ("24:00", "24:00"),
        ("\u00a09:00\u202fAM ", "9:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, then: str) -> None:
    assert shown(minute(typed)) == then


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "nine",
        "25",
        "24:01",
        "9:60",
        "9:5",
        "13pm",
        "0am",
        "9:75am",
        "-9",
        "1e1",
        "9:30:15",
        "\x00",
        "٩",
        "9" * 9999,
        "<b>9</b>",
        "9am " * 999,
    ],
)
def test_what_is_no_time_is_refused_in_a_short_sentence(typed: str) -> None:
    with pytest.raises(NoHours) as refused:
        minute(typed)
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 90


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_minute_of_the_day_or_refused(typed: str) -> None:
    try:
        assert 0 <= minute(typed) <= 1440
    except NoHours as refused:
        assert str(refused)


@given(st.integers(0, 1440))
def test_what_a_form_shows_is_read_again_as_the_same(minutes: int) -> None:
    assert minute(shown(minutes)) == minutes


def test_times_as_pages_write_them_are_read_in_every_country() -> None:
    for home in locales(tuple(LANGUAGES)):
        for minutes in range(0, 1440, 15):
            assert minute(clock(minutes, on_pages(home))) == minutes, home


@pytest.mark.parametrize(
    ("opens", "closes", "read"),
    [
        ("9", "17.30", (540, 1050)),
        ("22:00", "2:00", (1320, 1560)),
        ("9", "24", (540, 1440)),
        ("9 am", "12 am", (540, 1440)),
        ("0:00", "24:00", (0, 1440)),
        ("20:00", "9:00", (1200, 1980)),
        ("23:59", "0:01", (1439, 1441)),
    ],
)
def test_what_closes_before_it_opens_goes_on_over_midnight(
    opens: str, closes: str, read: tuple[int, int]
) -> None:
    assert interval(opens, closes) == Interval(*read)


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [
        ("9", "9", "Write 0:00 to 24:00 for the whole day."),
        ("0", "0", "Write 0:00 to 24:00 for the whole day."),
        ("24", "2", "Write 0:00 for an opening at midnight."),
        ("9", "5", "Did you mean 17:00?"),
        ("20:00", "19:00", "it would be open over midnight. If that is right, end it at 24:00"),
        ("9", "", "Give both times"),
        ("", "17", "Give both times"),
        ("9", "noon", "“noon” is no time such as"),
    ],
)
def test_an_interval_that_cannot_be_meant_is_refused_with_what_to_do(
    opens: str, closes: str, told: str
) -> None:
    with pytest.raises(NoHours) as refused:
        interval(opens, closes)
    assert told in str(refused.value)
