"""Reminders of one customer for one day go as one message that names each, and none is lost."""

from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from app.appointments import commands
from app.customers.reached_through import add_to_family
from app.extensions import db
from app.lib.text.segments import count
from app.models import Appointment, Customer, Message, MessageTemplate, Notification
from app.notifications import by_hand
from app.notifications.dispatch import dispatch
from app.notifications.forecast.preview import preview
from app.notifications.planning.fallback import plan_fallbacks
from app.outbox.queue.expiry import TOO_LATE
from app.tenancy import tenant_scope
from tests.support import owner as database
from tests.support.diary import at, options, states
from tests.support.world import Business

BOOKED, EVE = "2026-11-10 12:00", "2026-11-19 10:00"
FIRST, SECOND, NEXT_DAY = "2026-11-20 10:00", "2026-11-20 10:30", "2026-11-21 10:00"

TOGETHER = {"isolation_level": "READ COMMITTED"}


@pytest.fixture(autouse=True)
def family(salon: Business, garage: Business) -> dict[str, int]:
    """Mia and Tom are reached through the salon's customer, Ann; the ids. Nothing is confirmed."""
    for owner in (salon, garage):
        options(owner, "booking_confirmation", enabled=False)
        with tenant_scope(owner.id):
            db.session.execute(delete(Appointment))
            db.session.commit()
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        ids = {name: add_to_family(ann, name).id for name in ("Mia", "Tom")}
        db.session.commit()
        return ids | {"Ann": ann.id}


def book(owner: Business, customer_id: int, start: str, now: str = BOOKED, **more: str) -> int:
    with tenant_scope(owner.id):
        said = commands.Changes(customer_id=customer_id, starts_at=at(start), **more)  # type: ignore[typeddict-item]
        return commands.book(at(now), duration_minutes=30, **said).id


def said(owner: Business) -> list[str]:
    """What goes out by itself: its state and its words, oldest first."""
    query = select(Message).where(Message.not_after.is_not(None)).order_by(Message.id)
    with tenant_scope(owner.id):
        found = [f"{row.status.value}: {row.body}" for row in db.session.scalars(query)]
        db.session.rollback()
    return found


def look(now: str) -> None:
    plan_fallbacks(at(now))
    dispatch(at(now))


def test_two_of_a_family_are_reminded_by_one_message(
    salon: Business, family: dict[str, int]
) -> None:
    mia, tom = book(salon, family["Mia"], FIRST), book(salon, family["Tom"], SECOND)
    dispatch(at(EVE))
    assert said(salon) == [
        "queued: Hi Ann, a reminder of your appointment for Mia and appointment for Tom at Bella's"
        " Salon on Fri, Nov 20 at 10:00 AM and 10:30 AM with our team. Can't make it? Just answer"
        " here."
    ]
    assert states(salon, mia) == ["24h 2026-11-19 10:00 sent"]
    assert states(salon, tom) == ["24h 2026-11-19 10:30 sent"]
    # Nothing is left of either.
    dispatch(at(FIRST))
    assert len(said(salon)) == 1


def test_what_they_have_themselves_is_named_too_and_another_day_is_another_message(
    salon: Business, family: dict[str, int]
) -> None:
    book(salon, family["Ann"], FIRST)
    book(salon, family["Ann"], SECOND, attendee_name="Grandma Rosa")
    book(salon, family["Mia"], NEXT_DAY)
    dispatch(at(EVE))
    dispatch(at("2026-11-20 10:00"))
    first, second = said(salon)
    assert "your appointment for Ann and appointment for Grandma Rosa at" in first
    assert "your appointment for Mia at Bella's Salon on Sat, Nov 21 at 10:00 AM" in second


def test_a_text_of_their_own_names_who_comes_wherever_it_can(
    salon: Business, family: dict[str, int]
) -> None:
    book(salon, family["Mia"], FIRST)
    book(salon, family["Tom"], SECOND)
    expected = {
        "Come at {{appointment_time}}!": "Come at 10:00 AM (Mia) and 10:30 AM (Tom)!",
        "{{attendee_name}}: {{service_name}}": "Mia and Tom: appointment",
        "{{service_name}} {{appointment_time}}": "appointment for Mia and appointment for Tom"
        " 10:00 AM and 10:30 AM",
    }
    for body, told in expected.items():
        write(salon, body)
        with tenant_scope(salon.id):
            (entry,) = preview(at(BOOKED), at(FIRST)).going
            assert entry.send and entry.send.wording.body == told
            assert entry.cost and entry.cost.segments == count(told).count
            db.session.rollback()


def write(owner: Business, body: str) -> None:
    with tenant_scope(owner.id):
        theirs = MessageTemplate.type == "appointment_reminder", MessageTemplate.channel == "sms"
        db.session.execute(update(MessageTemplate).where(*theirs).values(body=body))
        db.session.commit()


def test_the_preview_tells_what_the_dispatcher_does(
    salon: Business, family: dict[str, int]
) -> None:
    for name, start in (("Mia", FIRST), ("Tom", SECOND), ("Ann", "2026-11-20 15:00")):
        book(salon, family[name], start)
    with tenant_scope(salon.id):
        (entry,) = preview(at(BOOKED), at(FIRST)).going
        assert entry.send
        foretold, when = entry.send.wording.body, entry.at
        db.session.rollback()
    assert when == at(EVE)
    dispatch(when)
    assert said(salon) == [f"queued: {foretold}"]


def test_one_that_is_cancelled_before_it_left_takes_the_message_back_and_the_other_goes(
    salon: Business, family: dict[str, int]
) -> None:
    mia, tom = book(salon, family["Mia"], FIRST), book(salon, family["Tom"], SECOND)
    dispatch(at(EVE))
    with tenant_scope(salon.id):
        commands.cancel(mia, at(EVE))
    look("2026-11-19 10:01")
    gone, instead = said(salon)
    assert gone.startswith("failed: ") and "Mia" not in instead
    assert "your appointment for Tom at Bella's Salon on Fri, Nov 20 at 10:30 AM" in instead
    assert states(salon, mia) == ["24h 2026-11-19 10:00 appointment_over"]
    look(FIRST)
    assert len(said(salon)) == 2 and states(salon, tom)[0].endswith("sent")


def test_one_that_moves_after_it_left_is_told_by_itself(
    salon: Business, family: dict[str, int]
) -> None:
    mia, _ = book(salon, family["Mia"], FIRST), book(salon, family["Tom"], SECOND)
    dispatch(at(EVE))
    status(salon, "delivered")
    with tenant_scope(salon.id):
        commands.change(mia, at(EVE), tell=True, starts_at=at("2026-11-20 12:00"))
    look("2026-11-19 10:05")
    _, moved = said(salon)
    assert "your appointment for Mia at Bella's Salon is now on" in moved
    assert "Tom" not in moved


def test_one_that_is_booked_after_it_went_has_its_own(
    salon: Business, family: dict[str, int]
) -> None:
    book(salon, family["Mia"], FIRST)
    dispatch(at(EVE))
    book(salon, family["Tom"], "2026-11-20 13:00", now="2026-11-19 11:00")
    dispatch(at("2026-11-19 13:00"))
    first, second = said(salon)
    assert "Tom" not in first and "Mia" not in second and "Tom" in second


def status(owner: Business, becomes: str, error: str | None = None) -> None:
    with tenant_scope(owner.id):
        last = select(Message.id).where(Message.not_after.is_not(None))
        id_ = db.session.scalars(last.order_by(Message.id.desc()).limit(1)).one()
        change = update(Message).where(Message.id == id_).values(status=becomes, error=error)
        db.session.execute(change.execution_options(synchronize_session=False))
        db.session.commit()


def test_what_failed_goes_together_once_more_and_no_more(
    salon: Business, family: dict[str, int]
) -> None:
    mia, tom = book(salon, family["Mia"], FIRST), book(salon, family["Tom"], SECOND)
    dispatch(at(EVE))
    status(salon, "failed", TOO_LATE)
    for minute in (1, 2, 3):
        look(f"2026-11-19 10:0{minute}")
    failed, again = said(salon)
    assert failed.removeprefix("failed") == again.removeprefix("queued")
    assert all(states(salon, each)[0].endswith("sent") for each in (mia, tom))


def test_by_hand_they_go_and_are_cancelled_together(
    salon: Business, family: dict[str, int]
) -> None:
    for start in (FIRST, NEXT_DAY):
        book(salon, family["Mia"], start)
        book(salon, family["Tom"], start)
    with tenant_scope(salon.id):
        reminders = select(Notification.id).where(Notification.type == "appointment_reminder")
        in_order = reminders.order_by(Notification.starts_at, Notification.id)
        mine = db.session.scalars(in_order).all()
        by_hand.send_now(mine[0], at("2026-11-18 10:00"))
        by_hand.cancel(mine[-1], at("2026-11-18 10:00"))
    dispatch(at(NEXT_DAY))
    (only,) = said(salon)
    assert "for Mia and appointment for Tom" in only and "Nov 20" in only


def test_while_somebody_is_at_work_on_one_all_wait(salon: Business, family: dict[str, int]) -> None:
    mia = book(salon, family["Mia"], FIRST)
    tom = book(salon, family["Tom"], FIRST)
    with tenant_scope(salon.id):
        of_tom = select(Notification.id).where(
            Notification.appointment_id == tom, Notification.type == "appointment_reminder"
        )
        id_ = db.session.scalars(of_tom.where(Notification.status == "planned")).one()
        db.session.rollback()
    with database.engine().connect() as beside, beside.execution_options(**TOGETHER).begin():
        beside.execute(text("SELECT FROM notification WHERE id = :id FOR UPDATE"), {"id": id_})
        dispatch(at(EVE))
        assert said(salon) == [] and states(salon, mia)[0].endswith("planned")
    dispatch(at(EVE))
    assert len(said(salon)) == 1


def test_a_joined_text_that_is_too_long_goes_as_one_message_each(
    salon: Business, family: dict[str, int]
) -> None:
    write(salon, "{{service_name}} " + "x" * 1450)
    for name in ("Mia", "Tom"):
        book(salon, family["Ann"], FIRST, attendee_name=f"{name} {'y' * 80}")
    dispatch(at(EVE))
    assert len(said(salon)) == 2


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    visits=st.lists(
        st.tuples(st.sampled_from(["Ann", "Mia", "Tom"]), st.integers(0, 2), st.integers(8, 19)),
        max_size=6,
    ),
    cancelled=st.sets(st.integers(0, 5)),
)
def test_each_day_has_one_message_that_names_exactly_who_comes(
    salon: Business,
    family: dict[str, int],
    visits: list[tuple[str, int, int]],
    cancelled: set[int],
) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(Appointment))
        db.session.execute(delete(Notification))
        db.session.execute(delete(Message).where(Message.not_after.is_not(None)))
        db.session.commit()
    booked = [(name, *_book(salon, family[name], day, hour)) for name, day, hour in visits]
    for place, (_, id_, _) in enumerate(booked):
        if place in cancelled:
            with tenant_scope(salon.id):
                commands.cancel(id_, at(BOOKED))
    stands = [each for place, each in enumerate(booked) if place not in cancelled]
    for hour in range(0, 120, 6):
        dispatch(at("2026-11-18 00:00") + timedelta(hours=hour))
    days = {day: [name for name, _, _ in them] for day, them in _by_day(stands)}
    bodies = said(salon)
    assert len(bodies) == len(days)
    for day, names in days.items():
        (told,) = (body for body in bodies if f"Nov {day.day} " in body)
        for name in ("Mia", "Tom"):
            assert (f"for {name}" in told) == (name in names), told


def _book(owner: Business, customer_id: int, day: int, hour: int) -> tuple[int, datetime]:
    start = f"2026-11-{20 + day} {hour:02}:00"
    return book(owner, customer_id, start), at(start)


def _by_day(
    booked: list[tuple[str, int, datetime]],
) -> list[tuple[date, list[tuple[str, int, datetime]]]]:
    def day(each: tuple[str, int, datetime]) -> date:
        return (each[2] - timedelta(hours=5)).date()

    return [(when, list(them)) for when, them in groupby(sorted(booked, key=day), key=day)]
