"""What becomes of an appointment while its message is on its way, or did not get there."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import Appointment, Customer, Message, Notification, Tenant
from app.models.notification import NotificationStatus
from app.notifications import dispatch as dispatcher
from app.notifications.dispatch import dispatch
from app.notifications.planning.fallback import plan_fallbacks
from app.notifications.planning.plan import forget, keep
from app.notifications.planning.replan import replan
from app.outbox.queue.expiry import refuse_late
from app.tenancy import tenant_scope
from tests.support.diary import at, book, change
from tests.support.world import Business, hear

BOOKED, SOON, START, OTHER = (
    "2026-11-10 12:00",
    "2026-11-10 12:01",
    "2026-11-20 10:00",
    "2026-11-25 15:00",
)
CONFIRMATION = "booking_confirmation"


@pytest.fixture
def sent(salon: Business, garage: Business) -> int:
    """An appointment whose confirmation is in the outbox, to go by WhatsApp; its id."""
    hear(salon, "Hello", channel="whatsapp", at=at(BOOKED) - timedelta(hours=1))
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).preferred_channel = "whatsapp"
        db.session.commit()
    booked = book(salon, START, now=BOOKED)
    dispatch(at(BOOKED))
    return booked


def becomes(owner: Business, status: str, error: str | None = None, nth: int = -1) -> None:
    """One of the automatic messages, the last unless said otherwise, comes into that state."""
    with tenant_scope(owner.id):
        query = select(Message).where(Message.not_after.is_not(None)).order_by(Message.id)
        message = db.session.scalars(query).all()[nth]
        change = update(Message).where(Message.id == message.id).values(status=status, error=error)
        db.session.execute(change.execution_options(synchronize_session=False))
        db.session.commit()


def do(owner: Business, command: str, id_: int, now: str = SOON) -> None:
    match command:
        case "move":
            change(owner, id_, now, start=OTHER)
        case "delete":
            with tenant_scope(owner.id):
                appointment = db.session.get_one(Appointment, id_)
                forget(appointment, at(now))
                db.session.delete(appointment)
                db.session.commit()
        case _:
            change(owner, id_, now, status=command)


def look(now: str) -> None:
    """All that looks by itself does, once."""
    refuse_late(at(now))
    plan_fallbacks(at(now))
    replan(at(now))
    dispatch(at(now))


def said(owner: Business) -> list[str]:
    """The automatic messages: «sms queued 20», with the day that they speak of."""
    query = select(Message).where(Message.not_after.is_not(None)).order_by(Message.id)
    with tenant_scope(owner.id):
        rows = db.session.scalars(query).all()
        found = [
            f"{row.channel} {row.status.value} {'20' if 'Nov 20' in row.body else '25'}"
            for row in rows
        ]
        db.session.rollback()
    return found


def confirmation(owner: Business) -> list[tuple[str, str, str]]:
    """Each row's state, cause and reason."""
    query = select(Notification).where(Notification.type == CONFIRMATION).order_by(Notification.id)
    with tenant_scope(owner.id):
        found = [(row.status, row.cause, row.reason) for row in db.session.scalars(query)]
        db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("state", "command", "messages"),
    [
        # It had not left: the new time is confirmed instead.
        ("queued", "move", ["whatsapp cancelled 20", "whatsapp queued 25"]),
        # It came back into the outbox.
        ("sending", "move", ["whatsapp failed 20", "whatsapp queued 25"]),
        ("checking", "cancelled", ["whatsapp failed 20"]),
        ("sending", "delete", ["whatsapp failed 20"]),
        # It did not arrive: no other channel says what does not hold.
        ("failed", "move", ["whatsapp failed 20", "whatsapp queued 25"]),
        ("failed", "cancelled", ["whatsapp failed 20"]),
        ("failed", "completed", ["whatsapp failed 20"]),
        ("failed", "delete", ["whatsapp failed 20"]),
        # It may have arrived.
        ("unknown", "move", ["whatsapp unknown 20"]),
        ("accepted", "cancelled", ["whatsapp accepted 20"]),
    ],
)
def test_what_does_not_hold_any_more_is_not_sent_and_what_holds_is(
    salon: Business, sent: int, state: str, command: str, messages: list[str]
) -> None:
    becomes(salon, state)
    do(salon, command, sent)
    if state in ("sending", "checking"):
        becomes(salon, "queued")
    look("2026-11-10 12:02")
    look("2026-11-10 12:03")
    assert said(salon) == messages


@pytest.mark.parametrize(
    ("command", "cause", "messages"),
    [
        ("move", "moved", ["whatsapp failed 20", "whatsapp queued 25"]),
        ("cancelled", "appointment_over", ["whatsapp failed 20"]),
        ("delete", "appointment_over", ["whatsapp failed 20"]),
    ],
)
def test_what_turns_out_later_not_to_have_arrived_says_nothing_that_does_not_hold(
    salon: Business, sent: int, command: str, cause: str, messages: list[str]
) -> None:
    becomes(salon, "accepted")
    do(salon, command, sent)
    becomes(salon, "failed", "The phone is off.")
    look("2026-11-10 12:02")
    assert said(salon) == messages
    assert confirmation(salon)[0][1] == cause


@pytest.mark.parametrize("report", ["delivered", "accepted"])
def test_what_arrived_after_all_or_was_tried_again_is_not_said_a_second_time(
    salon: Business, sent: int, report: str
) -> None:
    becomes(salon, "failed", "The phone is off.")
    plan_fallbacks(at("2026-11-10 22:00"))
    dispatch(at("2026-11-10 22:00"))
    # It waits for the morning; at night a late report comes, or it was tried again by hand.
    becomes(salon, report)
    look("2026-11-11 08:00")
    assert said(salon) == [f"whatsapp {report} 20"]
    assert confirmation(salon)[0] == ("sent", "sent", "It went by WhatsApp after all.")


def test_where_the_first_arrived_after_all_and_the_second_did_not_there_is_no_third(
    salon: Business, sent: int
) -> None:
    becomes(salon, "failed", "The phone is off.")
    look("2026-11-10 12:02")
    becomes(salon, "failed", "Unknown number.")
    becomes(salon, "delivered", nth=0)
    look("2026-11-10 12:03")
    assert said(salon) == ["whatsapp delivered 20", "sms failed 20"]
    assert confirmation(salon)[0][:2] == ("sent", "sent")


def test_planning_sees_what_another_did_to_a_row_that_was_read_before(
    salon: Business, sent: int
) -> None:
    becomes(salon, "failed", "The phone is off.")
    with tenant_scope(salon.id):
        appointment = db.session.get_one(Appointment, sent)
        rows = db.session.scalars(select(Notification)).all()
        other = update(Notification).where(Notification.type == CONFIRMATION)
        values = {"status": NotificationStatus.PLANNED, "cause": "", "reason": ""}
        with db.engine.begin() as connection:
            connection.execute(other.where(Notification.tenant_id == salon.id).values(values))
        appointment.status = "cancelled"
        keep(appointment, at(SOON))
        db.session.commit()
        assert {row.status for row in rows} == {"cancelled", "skipped"}


def test_who_pauses_while_the_dispatcher_is_at_work_stops_it_at_once(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in (10, 11, 12):
        book(salon, f"2026-11-20 {hour}:00", now=BOOKED)
    monkeypatch.setattr(dispatcher, "EACH", 1)
    real = dispatcher.settle

    def and_pause(verdicts: object, now: object) -> None:
        real(verdicts, now)  # type: ignore[arg-type]
        db.session.get_one(Tenant, salon.id).paused_at = at(BOOKED)

    monkeypatch.setattr(dispatcher, "settle", and_pause)
    dispatch(at(BOOKED))
    assert said(salon) == ["sms queued 20"]
