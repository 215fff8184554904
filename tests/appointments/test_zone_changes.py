"""What was agreed on is the time on the wall, whatever becomes of the rules of its zone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.appointments import commands, zone_changes
from app.extensions import db
from app.lib.time.clock import wall_time
from app.lib.time.zones import RULES, offset
from app.models import Appointment, Notification, Tenant
from app.notifications.planning import replan
from app.tenancy import current_tenant_id, tenant_scope
from jobs import worker_tasks
from tests.admin_views.reading import rows
from tests.support.world import NOON, Business

# 2:30 PM in Vancouver: until 2026 clocks went back in winter there.
AGREED = datetime(2026, 12, 1, 21, 30, tzinfo=UTC)
BY_OLD_RULES, HOURS_8 = AGREED + timedelta(hours=1), -8 * 3600
HOUR = timedelta(hours=1)


@pytest.fixture
def vancouver(salon: Business, garage: Business) -> Business:
    """The salon there, with somebody who was booked, and told, by the rules of before."""
    for owner in (salon, garage):
        db.session.get_one(Tenant, owner.id).timezone = "America/Vancouver"
    # The stranger has moved away from there long ago.
    db.session.get_one(Tenant, garage.id).timezone = "Europe/Berlin"
    db.session.commit()
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            booked = commands.book(
                NOON, customer_id=owner.customer_id, starts_at=AGREED, duration_minutes=60
            )
            for row in _its(booked.id):
                row.status, row.decided_at, row.reason = "sent", NOON, "It was sent."
                break
            db.session.commit()
    _as_before(salon)
    return salon


def _as_before(owner: Business, rules: str | None = "2025.2") -> None:
    """As a program with older rules would have left it."""
    with tenant_scope(owner.id):
        booked = _last()
        for row in _its(booked.id):
            row.starts_at = BY_OLD_RULES
            row.due_at, row.useful_until = row.due_at + HOUR, row.useful_until + HOUR
        booked.starts_at = booked.planned_for = booked.offset_for = BY_OLD_RULES
        booked.known_start = BY_OLD_RULES
        booked.planned_offset = HOURS_8
        db.session.get_one(Tenant, owner.id).zone_rules = rules
        db.session.commit()


def _last() -> Appointment:
    return db.session.scalars(select(Appointment).order_by(Appointment.id.desc())).all()[0]


def _its(id_: int) -> Sequence[Notification]:
    query = select(Notification).where(Notification.appointment_id == id_)
    return db.session.scalars(query.order_by(Notification.due_at, Notification.id)).all()


def _plan(owner: Business) -> list[tuple[str, str, datetime]]:
    with tenant_scope(owner.id):
        plan = [(row.type, row.status, row.due_at) for row in _its(_last().id)]
        db.session.rollback()
    return plan


def test_an_appointment_keeps_its_time_on_the_wall(vancouver: Business, garage: Business) -> None:
    theirs = [(row.starts_at, row.status) for row in rows(garage, Appointment)]
    before = _plan(vancouver)
    assert before[0][1] == "sent" and len(before) > 1
    assert zone_changes.keep_walls(NOON) == 1
    replan.replan(NOON)
    booked = rows(vancouver, Appointment)[-1]
    assert booked.starts_at == AGREED == booked.planned_for
    assert f"{wall_time(booked.starts_at, 'America/Vancouver'):%H:%M}" == "14:30"
    assert booked.planned_offset == -7 * 3600
    after = _plan(vancouver)
    # Nobody is told anew; what is to come comes by the wall again.
    assert after[0] == before[0]
    assert [(kind, state) for kind, state, _ in after] == [
        (kind, state) for kind, state, _ in before
    ]
    assert [due for _, _, due in after[1:]] == [due - HOUR for _, _, due in before[1:]]
    assert [(row.starts_at, row.status) for row in rows(garage, Appointment)] == theirs


def test_it_is_done_once_whoever_looks_and_how_often(vancouver: Business) -> None:
    assert [zone_changes.keep_walls(NOON) for _ in range(3)] == [1, 0, 0]
    # Another host that began at the same time finds it done.
    with tenant_scope(vancouver.id):
        zone_changes._see_to(NOON)
        db.session.rollback()
    assert rows(vancouver, Appointment)[-1].starts_at == AGREED


def test_a_business_over_which_we_break_keeps_no_other_waiting(
    vancouver: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.get_one(Tenant, garage.id).zone_rules = None
    db.session.commit()
    real = zone_changes._see_to

    def breaks(now: datetime) -> None:
        if current_tenant_id() == garage.id:
            raise RuntimeError("ours")
        real(now)

    monkeypatch.setattr(zone_changes, "_see_to", breaks)
    for _ in range(2):
        zone_changes.keep_walls(NOON)
    assert garage.id < vancouver.id, "it comes first"
    assert rows(vancouver, Appointment)[-1].starts_at == AGREED


def test_a_program_with_older_rules_does_nothing(vancouver: Business) -> None:
    _as_before(vancouver, "2099.1")
    assert zone_changes.keep_walls(NOON) == 0
    assert rows(vancouver, Appointment)[-1].starts_at == BY_OLD_RULES


def test_of_what_was_never_looked_at_the_rules_are_written_down(
    vancouver: Business, garage: Business
) -> None:
    with tenant_scope(vancouver.id):
        _last().planned_offset = None
        db.session.get_one(Tenant, vancouver.id).zone_rules = None
        db.session.commit()
    assert zone_changes.keep_walls(NOON) == 1
    replan.replan(NOON)
    booked = rows(vancouver, Appointment)[-1]
    assert (booked.starts_at, booked.planned_offset) == (BY_OLD_RULES, -7 * 3600)
    assert db.session.get_one(Tenant, vancouver.id).zone_rules == RULES


@pytest.mark.parametrize("change", ["moved", "planned", "waits", "elsewhere", "past"])
def test_what_its_offset_no_longer_speaks_of_is_left(vancouver: Business, change: str) -> None:
    now = NOON
    with tenant_scope(vancouver.id):
        booked = _last()
        if change == "moved":
            # By another program: nothing is planned for that start.
            booked.starts_at = BY_OLD_RULES + 3 * HOUR
        elif change == "planned":
            # By a program that knows no offsets, beside us in a deploy.
            booked.starts_at = booked.planned_for = BY_OLD_RULES + 3 * HOUR
        elif change == "waits":
            booked.planned_for = None
        elif change == "elsewhere":
            replan.anew(NOON, elsewhere=True)
        else:
            now = BY_OLD_RULES + timedelta(days=2)
        db.session.commit()
        zone_changes.keep_walls(now)
        later = BY_OLD_RULES + 3 * HOUR
        expected = {"moved": later, "planned": later, "waits": AGREED}
        assert _last().starts_at == expected.get(change, BY_OLD_RULES)


def test_where_somebody_was_told_of_the_other_hour_it_stands_and_the_rest_goes_on(
    vancouver: Business,
) -> None:
    """The same telling twice of one start: no row can say both."""
    with tenant_scope(vancouver.id):
        booked, [told, *_] = _last(), _its(_last().id)
        double = {
            name: getattr(told, name)
            for name in ("type", "step", "telling", "customer_id", "due_at", "useful_until")
        }
        double |= {"status": "cancelled", "reason": "It was moved.", "starts_at": AGREED}
        db.session.add(Notification(appointment_id=booked.id, **double))
        other = commands.book(
            NOON, customer_id=vancouver.customer_id, starts_at=AGREED + HOUR, duration_minutes=60
        )
        other.starts_at = other.planned_for = other.offset_for = BY_OLD_RULES + HOUR
        other.planned_offset = HOURS_8
        for row in _its(other.id):
            row.starts_at = other.starts_at
        db.session.commit()
        assert zone_changes.keep_walls(NOON) == 1
        first, second = db.session.scalars(
            select(Appointment).order_by(Appointment.id.desc()).limit(2)
        ).all()[::-1]
        assert (first.starts_at, second.starts_at) == (BY_OLD_RULES, AGREED + HOUR)


def test_the_worker_sees_to_it_before_it_says_anything(
    vancouver: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_tasks, "now", lambda: NOON)
    worker_tasks.dispatch()
    assert rows(vancouver, Appointment)[-1].starts_at == AGREED


def test_whoever_books_writes_down_the_offset(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        booked = commands.book(
            NOON, customer_id=salon.customer_id, starts_at=AGREED, duration_minutes=60
        )
        assert booked.planned_offset == offset(AGREED, salon.timezone) == -5 * 3600
