"""Booked, moved, moved back, cancelled, completed: what reminders are planned and taken out."""

import threading
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.extensions import db
from app.models import Appointment, Customer, Message, Notification, Tenant
from app.notifications.dispatch import dispatch
from app.notifications.planning.plan import forget, keep
from app.notifications.planning.replan import anew, replan
from app.tenancy import tenant_scope
from tests.support.diary import at, book, change, left, options, states, waiting
from tests.support.queries import statements
from tests.support.world import Business


def test_an_appointment_is_confirmed_at_once_and_reminded_of_a_day_before(
    salon: Business, garage: Business
) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    assert states(salon, booked, "booking_confirmation") == ["0h 2026-11-10 12:00 planned"]
    assert states(salon, booked) == ["24h 2026-11-19 10:00 planned"]
    with tenant_scope(garage.id):
        planned = select(func.count()).where(Notification.status == "planned")
        assert not db.session.scalar(planned)


@pytest.mark.parametrize(
    ("start", "now", "reminders"),
    [
        ("2026-11-20 10:00", "2026-11-10 12:00", ["24h 2026-11-19 10:00 planned"] * 1),
        # Less than a day before: the customer has just agreed on it; the nearer step goes.
        ("2026-11-20 10:00", "2026-11-19 12:00", ["24h 2026-11-19 10:00 booked_late"]),
        # Over the end of summer time, at the same time on the wall.
        ("2026-11-01 10:00", "2026-10-20 12:00", ["24h 2026-10-31 10:00 planned"]),
        # Already over: nothing at all.
        ("2026-11-20 10:00", "2026-11-20 12:00", []),
    ],
)
def test_what_is_booked_inside_the_window_is_not_reminded_of_at_once(
    salon: Business, start: str, now: str, reminders: list[str]
) -> None:
    assert states(salon, book(salon, start, now)) == reminders


def test_each_of_several_steps_has_its_own_time(salon: Business) -> None:
    options(salon, "appointment_reminder", hours=[2, 24])
    booked = book(salon, "2026-11-20 10:00", now="2026-11-19 12:00")
    assert states(salon, booked) == [
        "2h 2026-11-20 08:00 planned",
        "24h 2026-11-19 10:00 booked_late",
    ]
    early = book(salon, "2026-11-20 09:00", now="2026-11-10 12:00")
    assert states(salon, early) == ["2h 2026-11-20 08:00 planned", "24h 2026-11-19 09:00 planned"]
    # No later than the quiet hours begin, where the morning is too late.
    dawn = book(salon, "2026-11-20 07:00", now="2026-11-10 12:00")
    assert states(salon, dawn)[0] == "2h 2026-11-19 20:55 planned"


def test_quiet_hours_are_those_of_where_the_customer_lives(inside: Business) -> None:
    appointment = db.session.get_one(
        Appointment, book(inside, "2026-11-20 10:00", now="2026-11-10 12:00")
    )
    appointment.customer.timezone = "America/Los_Angeles"
    keep(appointment, at("2026-11-10 12:00"))
    db.session.commit()
    # 10:00 in New York is 07:00 over there: their eight is eleven.
    assert states(inside, appointment.id) == ["24h 2026-11-19 11:00 planned"]
    # And nobody is left in peace where the business does not want that.
    tenant = db.session.get_one(Tenant, inside.id)
    tenant.quiet_from = tenant.quiet_until = None
    keep(appointment, at("2026-11-10 12:00"))
    db.session.commit()
    assert states(inside, appointment.id) == ["24h 2026-11-19 10:00 planned"]


def test_moving_and_moving_back_leaves_one_reminder_for_the_time_that_holds(
    salon: Business,
) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    change(salon, booked, now="2026-11-11 12:00", start="2026-11-25 15:00")
    assert states(salon, booked) == ["24h 2026-11-19 10:00 moved", "24h 2026-11-24 15:00 planned"]
    change(salon, booked, now="2026-11-12 12:00", start="2026-11-20 10:00")
    assert states(salon, booked) == ["24h 2026-11-19 10:00 planned", "24h 2026-11-24 15:00 moved"]


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ([], ["10:00"]),
        (["11:00"], ["10:00", "11:00"]),
        # Back at what they were told, and before they were told otherwise.
        (["11:00 too soon", "10:00"], ["10:00"]),
        # Back after they were told otherwise: once more, as often as that happens.
        (["11:00", "10:00", "10:00"], ["10:00", "11:00", "10:00"]),
        (["11:00", "10:00 too soon", "11:30 too soon", "10:00"], ["10:00", "11:00", "10:00"]),
    ],
)
def test_who_was_told_another_time_is_told_at_once_what_holds_and_nobody_twice(
    salon: Business, garage: Business, moves: list[str], told: list[str]
) -> None:
    options(salon, "booking_confirmation", enabled=False)
    options(salon, "appointment_reminder", hours=[2, 24])
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-19 10:00"))
    left(salon)
    for hour, move in enumerate(moves, start=11):
        start, _, too_soon = move.partition(" ")
        now = f"2026-11-19 {hour}:00"
        change(salon, booked, now, start=f"2026-11-20 {start}")
        dispatch(at(now))
        if not too_soon:
            left(salon)
    # The other step goes in its time, as it would have without a move.
    dispatch(at("2026-11-20 10:00") - timedelta(minutes=30))
    left(salon)
    said = [text for text in waiting(salon) if text.startswith("delivered")]
    assert [text.split(" at ")[2].split()[0] for text in said] == [*told, told[-1]]


@pytest.mark.parametrize("seed", range(2))
def test_however_it_is_moved_they_know_what_holds_and_nothing_is_said_that_they_know(
    salon: Business, garage: Business, seed: int
) -> None:
    random, told = Random(seed), ["10:00"]
    options(salon, "booking_confirmation", enabled=False)
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-19 10:00"))
    left(salon)
    for minute in range(15):
        now, start = f"2026-11-19 11:{minute:02}", random.choice(["10:00", "10:20", "10:40"])
        change(salon, booked, now, start=f"2026-11-20 {start}")
        dispatch(at(now))
        if random.random() < 0.6:
            left(salon)
            told += [start] if start != told[-1] else []
    said = [text for text in waiting(salon) if text.startswith("delivered")]
    assert [text.split(" at ")[2].split()[0] for text in said] == told


def test_who_agreed_on_a_start_and_was_then_told_another_is_told_of_it_all_the_same(
    salon: Business, garage: Business
) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-19 12:00")
    assert states(salon, booked) == ["24h 2026-11-19 10:00 booked_late"]
    change(salon, booked, now="2026-11-19 12:00", start="2026-11-20 11:00")
    dispatch(at("2026-11-19 12:00"))
    left(salon)
    change(salon, booked, now="2026-11-19 12:05", start="2026-11-20 10:00")
    dispatch(at("2026-11-19 12:05"))
    assert ["10:00 AM" in text for text in waiting(salon)] == [False, True]


@pytest.mark.parametrize("status", ["cancelled", "completed", "no_show"])
def test_what_is_over_is_not_reminded_of_and_comes_back_when_it_is_on_again(
    salon: Business, status: str
) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    change(salon, booked, now="2026-11-11 12:00", status=status)
    assert states(salon, booked) == ["24h 2026-11-19 10:00 appointment_over"]
    assert states(salon, booked, "booking_confirmation") == ["0h 2026-11-10 12:00 appointment_over"]
    change(salon, booked, now="2026-11-12 12:00", status="scheduled")
    assert states(salon, booked) == ["24h 2026-11-19 10:00 planned"]


def test_a_cancelled_appointment_takes_its_message_out_of_the_outbox(salon: Business) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-10 12:00"))
    change(salon, booked, now="2026-11-10 12:01", status="cancelled")
    assert [text.partition(":")[0] for text in waiting(salon)] == ["cancelled"]
    assert states(salon, booked, "booking_confirmation")[0].endswith("appointment_over")


def test_a_message_that_has_left_stays_sent_when_the_appointment_is_cancelled(
    salon: Business,
) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-10 12:00"))
    left(salon)
    change(salon, booked, now="2026-11-10 12:01", status="cancelled")
    assert states(salon, booked, "booking_confirmation")[0].endswith("sent")


def test_an_import_is_not_confirmed_now_nor_when_it_is_moved(salon: Business) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00", announce=False)
    change(salon, booked, now="2026-11-11 12:00", start="2026-11-25 15:00")
    assert states(salon, booked, "booking_confirmation") == ["0h 2026-11-10 12:00 not_asked"]
    assert states(salon, booked)[-1] == "24h 2026-11-24 15:00 planned"


def test_a_confirmation_that_had_not_left_says_the_new_time(salon: Business) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 23:00")
    change(salon, booked, now="2026-11-10 23:30", start="2026-11-21 15:00")
    assert states(salon, booked, "booking_confirmation") == [
        "0h 2026-11-11 08:00 moved",
        "0h 2026-11-11 08:00 planned",
    ]


def test_the_reminder_goes_to_whoever_the_appointment_belongs_to(inside: Business) -> None:
    appointment = db.session.get_one(
        Appointment, book(inside, "2026-11-20 10:00", now="2026-11-10 12:00")
    )
    other = Customer(first_name="Ben")
    db.session.add(other)
    db.session.flush()
    appointment.customer_id = other.id
    keep(appointment, at("2026-11-11 12:00"))
    db.session.commit()
    rows = db.session.scalars(
        select(Notification).where(Notification.appointment_id == appointment.id)
    )
    assert {(row.customer_id, row.status) for row in rows} == {(other.id, "planned")}


def test_nothing_of_a_deleted_appointment_goes_out(inside: Business) -> None:
    booked = book(inside, "2026-11-20 10:00", now="2026-11-10 12:00")
    appointment = db.session.get_one(Appointment, booked)
    forget(appointment, at("2026-11-11 12:00"))
    db.session.delete(appointment)
    db.session.commit()
    query = select(Notification.status, Notification.appointment_id)
    query = query.where(Notification.type != "review_request")
    assert set(db.session.execute(query)) == {("cancelled", None)}


def test_the_hundredth_move_costs_what_the_tenth_did(salon: Business, garage: Business) -> None:
    booked = book(salon, "2027-01-01 10:00", now="2026-11-10 12:00")
    loaded: list[int] = []

    def note(row: Notification, _context: object) -> None:
        loaded.append(row.id)

    event.listen(Notification, "load", note)
    try:
        for minute in range(1, 25):
            db.session.remove()
            change(salon, booked, "2026-11-10 12:00", start=f"2027-01-01 10:{minute:02}")
    finally:
        event.remove(Notification, "load", note)
    assert len(loaded) <= 24 * 4
    assert len(states(salon, booked)) == 25
    assert states(salon, booked, "booking_confirmation")[-1].endswith("planned")


def test_planning_again_changes_nothing(salon: Business) -> None:
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    before = states(salon, booked)
    for _ in range(3):
        change(salon, booked, now="2026-11-11 12:00")
    assert states(salon, booked) == before


def nobody_planned(owner: Business, booked: int) -> None:
    """What its planning made is gone."""
    with tenant_scope(owner.id):
        for row in db.session.scalars(select(Notification)):
            db.session.delete(row)
        db.session.commit()


def told_otherwise(owner: Business, booked: int) -> None:
    """They were told its start, then another; by now it has the first again."""
    for now in ("2026-11-19 10:00", "2026-11-19 11:00"):
        dispatch(at(now))
        left(owner)
        change(owner, booked, "2026-11-19 11:00", start="2026-11-20 11:00")
    with tenant_scope(owner.id):
        moved = db.session.get_one(Appointment, booked)
        moved.starts_at, moved.booked_at = at("2026-11-20 10:00"), at("2026-11-19 12:00")
        db.session.commit()


@pytest.mark.parametrize(
    ("before", "planned"),
    [
        (nobody_planned, ["0 2h", "0 24h", "0 48h"]),
        (told_otherwise, ["0 2h", "0 24h", "0 48h", "1 2h", "1 24h", "1 48h"]),
    ],
)
def test_fifty_planners_at_once_make_one_notification_for_each_step(
    app: Flask,
    salon: Business,
    garage: Business,
    before: Callable[[Business, int], None],
    planned: list[str],
) -> None:
    options(salon, "appointment_reminder", hours=[2, 24, 48])
    booked = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    before(salon, booked)
    gate, errors = threading.Barrier(50), list[Exception]()

    def plan() -> None:
        gate.wait()
        with app.app_context(), tenant_scope(salon.id):
            try:
                appointment = db.session.get_one(Appointment, booked)
                keep(appointment, appointment.booked_at)
                db.session.commit()
                dispatch(at("2026-11-19 12:00"))
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=plan) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with tenant_scope(salon.id):
        rows = db.session.scalars(
            select(Notification).where(
                Notification.type == "appointment_reminder",
                Notification.starts_at == at("2026-11-20 10:00"),
            )
        )
        found = sorted((row.telling, row.step // 60) for row in rows)
    assert [f"{telling} {hours}h" for telling, hours in found] == planned
    assert len(states(salon, booked, "booking_confirmation")) == 1


def test_changed_settings_move_what_is_planned_and_leave_what_was_sent(
    salon: Business, garage: Business
) -> None:
    near = book(salon, "2026-11-12 10:00", now="2026-11-10 12:00")
    far = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    theirs = book(garage, "2026-11-20 10:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-11 10:00"))
    options(salon, "appointment_reminder", hours=[48])
    with tenant_scope(salon.id):
        anew(at("2026-11-11 12:00"))
        db.session.commit()
    # Two of the salon, and one in each business that nobody has planned yet.
    assert replan(at("2026-11-11 12:00")) == 4
    assert replan(at("2026-11-11 12:00")) == 0
    assert states(salon, near)[0] == "24h 2026-11-11 10:00 sent"
    assert states(salon, far) == ["24h 2026-11-19 10:00 settings", "48h 2026-11-18 10:00 planned"]
    assert len(states(garage, theirs)) == 1


def test_what_another_program_wrote_is_planned_by_the_hourly_look(salon: Business) -> None:
    with tenant_scope(salon.id):
        lost = Appointment(customer_id=salon.customer_id, starts_at=at("2026-12-20 10:00"))
        lost.booked_at = at("2026-11-10 12:00")
        db.session.add(lost)
        db.session.commit()
        booked = lost.id
    replan(at("2026-12-01 12:00"))
    assert states(salon, booked) == ["24h 2026-12-19 10:00 planned"]
    assert states(salon, booked, "booking_confirmation")[0].endswith("not_asked")


def test_the_hourly_look_costs_nothing_where_everything_is_planned(salon: Business) -> None:
    for day in range(1, 21):
        book(salon, f"2026-12-{day:02} 10:00", now="2026-11-10 12:00")
    replan(at("2026-11-10 12:00"))
    with statements() as made:
        replan(at("2026-11-10 12:00") + timedelta(hours=1))
    assert len(made) == 1
    with tenant_scope(salon.id):
        assert not db.session.scalar(
            select(func.count()).select_from(Message).where(Message.direction == "outbound")
        )
