"""What is questioned before it is stored, what is not, and two who book in the same moment."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.appointments import commands
from app.appointments.commands import NotConfirmed
from app.business_hours.working_hours import Absence
from app.extensions import db
from app.models import Appointment, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.crowd import crowd
from tests.support.working import MORNINGS, NINE_TO_SIX, days, opens, person, works
from tests.support.world import NOON, Business

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOTHING = frozenset[str]()


def book(
    salon: Business, starts_at: datetime, answered: frozenset[str] | None = NOTHING, **more: object
) -> Appointment:
    details = {"customer_id": salon.customer_id, "duration_minutes": 60} | more
    try:
        return commands.book(NOON, starts_at=starts_at, answered=answered, **details)  # type: ignore[arg-type]
    except NotConfirmed:
        db.session.rollback()
        raise


@pytest.mark.parametrize(
    ("minutes", "asks"),
    # Whoever walked in a quarter of an hour ago is entered now.
    [(60, False), (0, False), (-15, False), (-16, True), (-3 * 24 * 60, True)],
)
def test_a_start_in_the_past_is_questioned_and_stored_once_it_is_meant(
    salon: Business, garage: Business, minutes: int, asks: bool
) -> None:
    start = NOON + minutes * MINUTE
    with tenant_scope(salon.id):
        if not asks:
            assert book(salon, start).id
            return
        with pytest.raises(NotConfirmed) as caught:
            book(salon, start)
        assert caught.value.warning.late == -minutes * MINUTE
        assert not caught.value.warning.others
        assert len(rows(salon, Appointment)) == 1
        # What was meant of one start is not of another.
        with pytest.raises(NotConfirmed):
            book(salon, start - HOUR, caught.value.warning.about)
        assert book(salon, start, caught.value.warning.about).starts_at == start


def test_what_is_entered_as_over_is_rightly_in_the_past(salon: Business) -> None:
    with tenant_scope(salon.id):
        for status in ("completed", "cancelled", "no_show"):
            assert book(salon, NOON - 3 * HOUR, status=status).id


def test_a_change_is_questioned_where_it_puts_one_on_top_of_another(
    salon: Business, garage: Business
) -> None:
    [first] = rows(salon, Appointment)
    free, person = first.starts_at + 3 * HOUR, first.staff_member_id
    with tenant_scope(salon.id):
        other = StaffMember(name="Amara")
        db.session.add(other)
        db.session.flush()
        id_ = book(salon, free, staff_member_id=person).id
        on_top = {"starts_at": first.starts_at, "staff_member_id": person}
        doubtful: list[dict[str, object]] = [
            {"starts_at": first.starts_at + 59 * MINUTE},
            {"starts_at": first.starts_at - HOUR, "duration_minutes": 61},
            on_top,
        ]
        meant: list[dict[str, object]] = [
            {"notes": "Bring the dog"},
            {"status": "confirmed"},
            {"starts_at": first.starts_at + HOUR},
            {"starts_at": first.starts_at, "staff_member_id": other.id},
            {"staff_member_id": None},
        ]
        for changes in doubtful:
            with pytest.raises(NotConfirmed) as caught:
                commands.change(id_, NOON, answered=NOTHING, **changes)  # type: ignore[arg-type]
            assert [each.id for each in caught.value.warning.others] == [first.id]
            db.session.rollback()
            assert rows(salon, Appointment)[1].starts_at == free
        for changes in meant:
            commands.change(id_, NOON, answered=NOTHING, **changes)  # type: ignore[arg-type]
        commands.change(id_, NOON, answered=frozenset({str(first.id)}), **on_top)  # type: ignore[arg-type]
        # On top of the other as it is, it is not questioned again over what moves nothing.
        commands.change(id_, NOON, answered=NOTHING, notes="Two dogs", status="confirmed")
        commands.cancel(id_, NOON)
        with pytest.raises(NotConfirmed):
            commands.reopen(id_, NOON, answered=NOTHING)


def test_an_answer_holds_for_what_was_asked_and_not_for_what_came_since(
    salon: Business, garage: Business
) -> None:
    [first] = rows(salon, Appointment)
    on_top = {"staff_member_id": first.staff_member_id}
    with tenant_scope(salon.id):
        with pytest.raises(NotConfirmed) as asked:
            book(salon, first.starts_at, **on_top)
        # Somebody else books the same hour, before they answer.
        second = book(salon, first.starts_at, None, **on_top)
        with pytest.raises(NotConfirmed) as again:
            book(salon, first.starts_at, asked.value.warning.about, **on_top)
        assert again.value.warning.about == {str(first.id), str(second.id)}
        assert book(salon, first.starts_at, again.value.warning.about, **on_top).id


def test_of_two_who_book_the_same_hour_at_once_the_second_is_asked(
    app: Flask, salon: Business, garage: Business
) -> None:
    [first] = rows(salon, Appointment)
    free = first.starts_at + 3 * HOUR

    def tab() -> None:
        with tenant_scope(salon.id):
            book(salon, free, staff_member_id=first.staff_member_id)

    errors = crowd(app, tab, size=8)
    assert [type(error) for error in errors] == [NotConfirmed] * 7
    assert [each.starts_at for each in rows(salon, Appointment)] == [first.starts_at, free]


def test_of_two_who_move_to_the_same_hour_at_once_the_second_is_asked(
    app: Flask, salon: Business, garage: Business
) -> None:
    [first] = rows(salon, Appointment)
    person, free = {"staff_member_id": first.staff_member_id}, first.starts_at + 9 * HOUR
    with tenant_scope(salon.id):
        ids = [book(salon, first.starts_at + each * HOUR, **person).id for each in range(2, 6)]

    def drop() -> None:
        id_ = ids.pop()
        with tenant_scope(salon.id):
            commands.change(id_, NOON, answered=NOTHING, starts_at=free)

    errors = crowd(app, drop, size=4)
    assert [type(error) for error in errors] == [NotConfirmed] * 3
    assert [each.starts_at for each in rows(salon, Appointment)].count(free) == 1


def test_a_time_while_nobody_works_is_questioned_and_stored_once_it_is_meant(
    salon: Business, garage: Business
) -> None:
    opens(garage, MORNINGS)
    opens(salon, NINE_TO_SIX)
    sofia = person(salon)
    # Noon in New York is when she has her day, but for Friday.
    works(salon, sofia, MORNINGS, off=days("2026-11-20"))
    friday, sunday = NOON + 48 * HOUR, NOON + 96 * HOUR
    with tenant_scope(salon.id):
        assert book(salon, sunday).id
        assert book(salon, sunday - HOUR, staff_member_id=sofia).id
        for start, why in ((sunday, Absence.CLOSED), (friday, Absence.AWAY)):
            with pytest.raises(NotConfirmed) as caught:
                book(salon, start, staff_member_id=sofia)
            warning = caught.value.warning
            assert (warning.absent, warning.person, warning.others) == (why, "Sofia", [])
            # What was meant of one time is not of another.
            with pytest.raises(NotConfirmed):
                book(salon, start + HOUR, warning.about, staff_member_id=sofia)
            assert book(salon, start, warning.about, staff_member_id=sofia).id
        with pytest.raises(NotConfirmed) as closed:
            book(salon, friday + 9 * HOUR)
        assert closed.value.warning.person is None
        # Where nobody is there to be asked, it is booked.
        assert book(salon, friday + 9 * HOUR, None).id
