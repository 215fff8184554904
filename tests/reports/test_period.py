"""A day is the business's, whatever clocks do on it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.extensions import db
from app.models import Rollup, What
from app.models.rollup import GROWTH
from app.reports.answer_times import median
from app.reports.counted import Count, by_quarter, counted
from app.reports.period import Period, before, period
from app.tenancy import tenant_scope
from tests.support.world import Business

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        # Midnight is left out there, and the day begins at one.
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kathmandu", date(2026, 4, 5), 24),
    ],
)
def test_a_day_has_the_hours_that_clocks_give_it(zone: str, day: date, hours: float) -> None:
    begin, end = Period(day, day, zone).midnights
    assert (end - begin) / HOUR == hours
    assert begin.minute % 15 == end.minute % 15 == 0, "whole quarters of an hour of UTC"


def test_what_is_counted_falls_on_the_day_of_the_zone(salon: Business, garage: Business) -> None:
    """In New York November 1 has an hour more, and midnight comes an hour later from then on."""
    quarters = ((1, 3, 45), (1, 4, 0), (2, 4, 45), (2, 5, 0))
    with tenant_scope(salon.id):
        for day, hour, minute in quarters:
            at = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
            key = {"kind": "email", "detail": "", "who_id": 0, "total": 1}
            db.session.add(Rollup(tenant_id=salon.id, what=What.HEARD, at=at, **key))
        db.session.commit()
        found = counted(What.HEARD, Period(date(2026, 10, 31), date(2026, 11, 2), salon.timezone))
        assert [(each.day, each.total) for each in found] == [(0, 1), (1, 2), (2, 1)]
        sunday = Period(date(2026, 11, 1), date(2026, 11, 1), salon.timezone)
        assert [at.hour for at, _ in by_quarter(What.HEARD, sunday)] == [4, 4]
    with tenant_scope(garage.id):
        assert by_quarter(What.HEARD, sunday) == []


def test_a_period_stands_beside_as_many_days_and_a_month_beside_the_same_days_of_the_last() -> None:
    def told(name: str, today: date) -> tuple[date, date, date, date]:
        this = period(name, today, "UTC")
        earlier = before(name, this)
        return this.first, this.last, earlier.first, earlier.last

    end_of_march = date(2026, 3, 31)
    assert told("7", end_of_march) == tuple(date(2026, 3, day) for day in (25, 31, 18, 24))
    assert told("month", end_of_march) == (
        *(date(2026, 3, 1), end_of_march),
        *(date(2026, 2, 1), date(2026, 2, 28)),
    )
    assert told("nonsense", end_of_march) == told("30", end_of_march)


def test_the_median_is_true_to_a_twentieth() -> None:
    def waits(*seconds: int) -> list[Count]:
        steps = [next(n for n in range(300) if GROWTH ** (n + 1) > wait) for wait in seconds]
        return [Count(0, "first", str(step), 1, 1) for step in steps]

    assert median([]) is None
    for middle in (1, 59, 720, 90_000):
        found = median(waits(1, middle, 10**6))
        assert found
        assert abs(found.total_seconds() - middle) <= middle * 0.05
