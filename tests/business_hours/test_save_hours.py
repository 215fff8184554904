"""Hours are saved as a whole, by whoever saw what they change, and for their business alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app

from app.business_hours import of_tenant
from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.load_hours import Stored, stored
from app.business_hours.opening_hours import Interval
from app.business_hours.save_hours import Outdated, save
from app.extensions import db
from app.models import OpeningInterval, Tenant
from app.tenancy import tenant_scope
from tests.admin_views.reading import everybodys
from tests.support.queries import statements
from tests.support.world import NOON, Business

NINE_TO_FIVE = Interval(540, 1020)
ENTERED = Entered(
    week=(*[(Interval(540, 720), Interval(780, 1080))] * 5, (Interval(1320, 1560),), ()),
    exceptions=(
        DatedHours(date(2026, 11, 26), "", True, ()),
        DatedHours(date(2026, 12, 24), "Christmas Eve", False, (Interval(540, 780),)),
        DatedHours(date(2026, 12, 28), "Stocktaking", False, ()),
    ),
    holidays=True,
    region="NY",
    open_holidays=("Columbus Day", "Veterans Day"),
)


@pytest.fixture
def ours(salon: Business, garage: Business) -> Iterator[Business]:
    """The salon in scope; the garage has its own hours."""
    with tenant_scope(garage.id):
        save(Entered(((NINE_TO_FIVE,),) * 7, ENTERED.exceptions, False, None, ()), 0, NOON)
        db.session.commit()
    db.session.remove()
    with tenant_scope(salon.id):
        yield salon


def test_who_has_entered_nothing_has_no_hours(ours: Business) -> None:
    assert of_tenant() is None and stored() is None


def test_what_was_entered_is_what_is_loaded(ours: Business) -> None:
    save(ENTERED, 0, NOON)
    db.session.commit()
    db.session.expunge_all()
    assert stored() == Stored(ENTERED, 1)


def test_another_time_replaces_all_of_it_and_nothing_of_a_strangers(
    ours: Business, garage: Business
) -> None:
    def strangers() -> list[tuple[int | None, int]]:
        found = (row for row in everybodys(OpeningInterval) if row.tenant_id == garage.id)
        return sorted((row.weekday or -1, row.id) for row in found)

    before = strangers()
    save(ENTERED, 0, NOON)
    other = Entered(((),) * 7, (ENTERED.exceptions[1],), False, None, ())
    save(other, 1, NOON)
    db.session.commit()
    db.session.expunge_all()
    assert stored() == Stored(other, 2)
    assert len(before) == 8 and strangers() == before


def test_who_has_not_seen_the_last_change_changes_nothing(ours: Business) -> None:
    save(ENTERED, 0, NOON)
    db.session.commit()
    for seen in (0, 2, -1, 2**31 - 1):
        with pytest.raises(Outdated):
            save(Entered(((),) * 7, (), False, None, ()), seen, NOON)
        db.session.rollback()
    assert stored() == Stored(ENTERED, 1)


def test_what_is_long_past_is_forgotten(ours: Business) -> None:
    past = [DatedHours(NOON.date() - timedelta(days=n), "", False, ()) for n in (1000, 300)]
    save(Entered(ENTERED.week, tuple(past), False, None, ()), 0, NOON)
    found = stored()
    assert found and [each.day for each in found.entered.exceptions] == [past[1].day]


def test_hours_hold_where_the_business_is(ours: Business) -> None:
    save(ENTERED, 0, NOON)
    hours = of_tenant()
    assert hours and hours.zone == ZoneInfo("America/New_York")
    # Thanksgiving as usual by an exception; Christmas by the calendar; Columbus Day by its name.
    open_on = {
        "2026-11-26T10:00": True,
        "2026-12-25T10:00": False,
        "2026-10-12T10:00": True,
        "2027-02-15T10:00": False,
        "2026-12-24T12:30": True,
        "2026-12-24T14:00": False,
        "2026-12-28T10:00": False,
    }
    for wall, is_open in open_on.items():
        at = datetime.fromisoformat(wall).replace(tzinfo=hours.zone).astimezone(UTC)
        assert hours.is_open(at) == is_open, wall


def test_a_country_of_which_nothing_is_known_has_no_holidays(ours: Business) -> None:
    db.session.get_one(Tenant, ours.id).country = "AC"
    save(ENTERED, 0, NOON)
    hours = of_tenant()
    assert hours and hours.is_open(datetime(2026, 12, 25, 15, tzinfo=UTC))


def test_however_many_instants_are_asked_about_the_rows_are_read_once(ours: Business) -> None:
    save(ENTERED, 0, NOON)
    db.session.commit()
    with statements() as seen:
        hours = of_tenant()
        assert hours
        for n in range(1000):
            hours.closed_period(NOON + n * timedelta(hours=1))
    assert len(seen) == 4


@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_who_save_at_once_one_is_told(salon: Business, garage: Business, seen: int) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if seen:
        with tenant_scope(salon.id):
            save(ENTERED, 0, NOON)
            db.session.commit()
    db.session.remove()

    def saves(app: Flask) -> str:
        with app.app_context(), tenant_scope(salon.id):
            try:
                save(ENTERED, seen, NOON)
                db.session.commit()
            except Outdated:
                return "told"
            finally:
                db.session.remove()
            return "saved"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(saves, [app] * 4)) == ["saved"] + ["told"] * 3
    with tenant_scope(salon.id):
        assert stored() == Stored(ENTERED, seen + 1)
