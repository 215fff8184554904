"""What can be done to an appointment, what cannot, and two who do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from time import process_time

import pytest
from flask import current_app

from app.appointments import commands, diary
from app.appointments.commands import Refused
from app.appointments.layout import blocks
from app.extensions import db
from app.models import Appointment, Customer
from app.notifications.dispatch import dispatch
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.diary import booking
from tests.support.world import NOON, Business

HOUR = timedelta(hours=1)
BUTTONS = {
    "confirm": commands.confirm,
    "complete": commands.complete,
    "cancel": commands.cancel,
    "no_show": commands.no_show,
    "reopen": commands.reopen,
    "move": lambda id_, now: commands.change(id_, now, starts_at=NOON + HOUR),
}
# From each state: what it becomes by each command, after it began; None: refused.
TABLE = {
    "scheduled": ("confirmed", "completed", "cancelled", "no_show", "scheduled", "scheduled"),
    "confirmed": ("confirmed", "completed", "cancelled", "no_show", "scheduled", "scheduled"),
    "completed": (None, "completed", None, "no_show", "scheduled", None),
    "cancelled": (None, None, "cancelled", None, "scheduled", None),
    "no_show": (None, "completed", None, "no_show", "scheduled", None),
}


def test_each_command_leads_from_a_state_to_another_or_is_refused_with_a_sentence(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        for before, outcomes in TABLE.items():
            for (name, command), after in zip(BUTTONS.items(), outcomes, strict=True):
                one = Appointment(
                    customer_id=salon.customer_id, starts_at=NOON - HOUR, status=before
                )
                db.session.add(one)
                db.session.commit()
                if after is None:
                    with pytest.raises(Refused, match="Reopen it first"):
                        command(one.id, NOON)
                    db.session.rollback()
                else:
                    command(one.id, NOON)
                assert (name, before, one.status) == (name, before, after or before)


def test_a_new_start_is_agreed_on_anew_and_nothing_else_is(
    salon: Business, garage: Business
) -> None:
    later = NOON + HOUR
    with tenant_scope(salon.id):
        made = commands.book(
            NOON, customer_id=salon.customer_id, starts_at=NOON + 20 * HOUR, duration_minutes=30
        )
        commands.change(made.id, later, notes="Bring the dog", duration_minutes=45)
        assert made.booked_at == NOON
        commands.change(made.id, later, starts_at=NOON + 21 * HOUR)
        assert made.booked_at == later
        for early in (commands.no_show, commands.complete):
            with pytest.raises(Refused):
                early(made.id, later)
            db.session.rollback()
        commands.delete(made.id, later)
        with pytest.raises(Refused, match="gone"):
            commands.cancel(made.id, later)
    [ours] = rows(salon, Appointment)
    with tenant_scope(garage.id), pytest.raises(Refused, match="gone"):
        commands.cancel(ours.id, later)


def test_one_who_moves_and_one_who_cancels_at_once_leave_one_state(
    salon: Business, garage: Business
) -> None:
    [one] = rows(salon, Appointment)
    app, both = current_app._get_current_object(), Barrier(2)  # type: ignore[attr-defined]

    def do(name: str) -> str:
        with app.app_context(), tenant_scope(salon.id):
            both.wait(10)
            try:
                BUTTONS[name](one.id, NOON)
            except Refused as refused:
                return str(refused)
            return ""

    with ThreadPoolExecutor(2) as pool:
        moved, cancelled = pool.map(do, ("move", "cancel"))
    [after] = rows(salon, Appointment)
    assert (after.status, cancelled) == ("cancelled", "")
    # Either it was moved before, or who came later was told.
    assert (after.starts_at == NOON + HOUR) is (moved == "")


def test_who_is_booked_twice_is_found_and_nobody_else(salon: Business, garage: Business) -> None:
    [first] = rows(salon, Appointment)
    [theirs] = rows(garage, Appointment)
    assert theirs.starts_at == first.starts_at
    # (minutes after the first begins, how long, collides)
    for after, minutes, collides in (
        (0, 60, 1),
        (59, 10, 1),
        (60, 10, 0),
        (-30, 30, 0),
        (-60, 61, 1),
    ):
        with tenant_scope(salon.id):
            other = commands.book(
                NOON,
                customer_id=salon.customer_id,
                staff_member_id=first.staff_member_id,
                starts_at=first.starts_at + timedelta(minutes=after),
                duration_minutes=minutes,
            )
            assert len(diary.colliding(other)) == collides, (after, minutes)
            commands.cancel(other.id, NOON)
            assert not diary.colliding(other)


@pytest.mark.parametrize(
    ("starts_at", "minutes", "day", "shown"),
    [
        ("2026-11-18T17:00", 60, "2026-11-18", (720, 780)),
        # It goes on past midnight: a part on each day.
        ("2026-11-19T04:30", 60, "2026-11-18", (1410, 1440)),
        ("2026-11-19T04:30", 60, "2026-11-19", (0, 30)),
        ("2026-11-19T04:30", 60, "2026-11-20", None),
        # The clocks go forward at 2:00: from 1:30 to 3:30 is an hour.
        ("2026-03-08T06:30", 60, "2026-03-08", (90, 210)),
        ("2026-03-08T14:00", 60, "2026-03-08", (600, 660)),
        # They go back at 2:00: 1:30 comes twice.
        ("2026-11-01T05:30", 60, "2026-11-01", (90, 150)),
        ("2026-11-01T06:30", 60, "2026-11-01", (90, 150)),
        ("2026-11-01T15:00", 60, "2026-11-01", (600, 660)),
    ],
)
def test_a_block_stands_where_the_wall_clock_says(
    starts_at: str, minutes: int, day: str, shown: tuple[int, int] | None
) -> None:
    one = booking(datetime.fromisoformat(starts_at).replace(tzinfo=UTC), minutes)
    found = blocks([one], date.fromisoformat(day), "America/New_York")
    assert [(block.start, block.end) for block in found] == ([shown] if shown else [])


def test_blocks_that_overlap_stand_side_by_side_and_only_those() -> None:
    day = datetime(2026, 11, 18, 15, tzinfo=UTC)
    times = ((0, 60), (30, 60), (60, 30), (120, 30), (120, 30), (120, 30))
    them = [booking(day + timedelta(minutes=start), length) for start, length in times]
    found = blocks(them, day.date(), "America/New_York")
    places = [(block.lane, block.lanes) for block in found]
    assert places == [(0, 2), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)]


def test_a_crowd_at_one_time_is_laid_out_in_a_moment() -> None:
    day = datetime(2026, 11, 18, 15, tzinfo=UTC)
    begin = process_time()
    found = blocks(
        [booking(day, 60) for _ in range(5_000)],
        day.date(),
        "America/New_York",
    )
    assert found[-1].lane == 4_999
    assert process_time() - begin < 1


def test_an_appointment_that_its_customer_was_told_of_is_given_to_nobody_else(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        other = Customer(first_name="Ben")
        db.session.add(other)
        db.session.commit()
        details = {"starts_at": NOON + timedelta(days=9), "duration_minutes": 30}
        made = commands.book(NOON, customer_id=salon.customer_id, **details).id
        assert commands.change(made, NOON, customer_id=other.id).customer_id == other.id
        commands.change(made, NOON, customer_id=salon.customer_id)
        dispatch(NOON)
        with pytest.raises(Refused, match="book another"):
            commands.change(made, NOON, customer_id=other.id)
