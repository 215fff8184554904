"""Until when is the business's morning, in every zone and on every day of the year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inbox.snooze_times import morning, offered
from app.lib.time.clock import NoSuchTime

NEW_YORK = "America/New_York"
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca")


def labels(now: str, zone: str = NEW_YORK) -> list[str]:
    at = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    told = [(each.key, each.until.astimezone(ZoneInfo(zone))) for each in offered(at, zone)]
    return [f"{key} {until:%a %H:%M}" for key, until in told]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-18 10:01", ["later Wed 13:15", "tomorrow Thu 09:00", "week Mon 09:00"]),
        ("2026-11-18 12:00", ["later Wed 15:00", "tomorrow Thu 09:00", "week Mon 09:00"]),
        ("2026-11-18 18:30", ["tomorrow Thu 09:00", "week Mon 09:00"]),
        ("2026-11-18 23:59", ["tomorrow Thu 09:00", "week Mon 09:00"]),
        # Next week is tomorrow.
        ("2026-11-22 10:00", ["later Sun 13:00", "tomorrow Mon 09:00"]),
        # The clocks go back in the night.
        ("2026-10-31 20:00", ["tomorrow Sun 09:00", "week Mon 09:00"]),
    ],
)
def test_what_is_offered_fits_the_hour_and_the_day(now: str, expected: list[str]) -> None:
    assert labels(now) == expected


@given(
    minute=st.integers(0, 20 * 365 * 1440),
    zone=st.sampled_from(ZONES),
)
def test_whenever_it_is_each_is_later_and_in_order(minute: int, zone: str) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    until = [each.until for each in offered(at, zone)]
    assert until == sorted(until)
    assert all(at < each < at + timedelta(days=9) for each in until)
    assert len(set(until)) == len(until)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), zone=st.sampled_from(ZONES))
def test_every_day_has_a_morning_at_nine(day: date, zone: str) -> None:
    try:
        there = morning(day, zone).astimezone(ZoneInfo(zone))
    except NoSuchTime:
        # Samoa had no 30 December 2011 at all.
        assert (zone, day) == ("Pacific/Apia", date(2011, 12, 30))
        return
    assert (there.date(), there.hour, there.minute) == (day, 9, 0)


def test_a_day_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(NoSuchTime):
        morning(date(9999, 12, 31), NEW_YORK)
