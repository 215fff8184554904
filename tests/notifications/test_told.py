"""Moved and cancelled: the customer is told once what holds as the message leaves, or nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.appointments import commands
from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Customer, Message, Notification, WhatsappTemplate
from app.notifications.configure import change
from app.notifications.configure.proposal import propose
from app.notifications.configure.template_edit import add
from app.notifications.content.templates import KINDS
from app.notifications.dispatch import dispatch
from app.notifications.forecast.effect import effect
from app.notifications.forecast.preview import preview
from app.notifications.forecast.why import of_appointment
from app.notifications.planning.fallback import plan_fallbacks
from app.notifications.planning.replan import anew, replan
from app.notifications.settings import policy
from app.outbox.after_send import take_back
from app.tenancy import tenant_scope
from tests.support.diary import at, left, options, states, waiting
from tests.support.world import Business, hear

NOW = at("2026-11-10 12:00")
LATER = timedelta(minutes=5)
TWO, FOUR, FIVE = (at(f"2026-11-20 {hour}:00") for hour in (14, 16, 17))


def made(owner: Business, start: datetime, now: datetime) -> int:
    whom = {"customer_id": owner.customer_id, "duration_minutes": 60}
    with tenant_scope(owner.id):
        return commands.book(now, starts_at=start, **whom).id  # type: ignore[arg-type]


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """For two o'clock, and confirmed by a message that has arrived."""
    id_ = made(salon, TWO, NOW - LATER)
    made(garage, TWO, NOW - LATER)
    send(salon, NOW - LATER)
    return id_


def send(owner: Business, now: datetime) -> None:
    dispatch(now)
    left(owner)


def move(owner: Business, booked: int, start: datetime, now: datetime, tell: bool = True) -> None:
    with tenant_scope(owner.id):
        commands.change(booked, now, tell=tell, starts_at=start)


def cancel(owner: Business, booked: int, now: datetime) -> None:
    with tenant_scope(owner.id):
        commands.cancel(booked, now, tell=True)


def test_who_is_moved_is_told_the_new_time_once_and_not_before_second_thoughts(
    salon: Business, booked: int
) -> None:
    move(salon, booked, FOUR, NOW)
    dispatch(NOW + commands.UNDO_WINDOW - timedelta(seconds=1))
    assert len(waiting(salon)) == 1
    for _ in range(3):
        send(salon, NOW + LATER)
    [_, text] = waiting(salon)
    assert text == (
        "delivered: Hi Ann, your appointment at Bella's Salon is now on Fri, Nov 20 at 4:00 PM with"
        " our team. Can't make it? Just answer here."
    )
    assert states(salon, booked, "appointment_moved") == ["0h 2026-11-10 12:00 sent"]


def test_who_is_cancelled_is_told_the_time_that_they_know(salon: Business, booked: int) -> None:
    move(salon, booked, FOUR, NOW)
    cancel(salon, booked, NOW)
    send(salon, NOW + LATER)
    [_, text] = waiting(salon)
    assert text == (
        "delivered: Hi Ann, your appointment at Bella's Salon on Fri, Nov 20 at 2:00 PM is"
        " cancelled. For another time just answer here."
    )


@pytest.mark.parametrize("ends", ["waits", "taken back", "failed"])
@pytest.mark.parametrize(("then", "told"), [("cancel", ["2:00 off"]), ("2", []), ("5", ["5:00"])])
def test_what_did_not_leave_the_outbox_has_told_nobody_anything(
    salon: Business, booked: int, ends: str, then: str, told: list[str]
) -> None:
    move(salon, booked, FOUR, NOW)
    dispatch(NOW + LATER)
    with tenant_scope(salon.id):
        message = db.session.scalars(select(Message).where(Message.status == "queued")).one()
        if ends == "taken back":
            take_back(message, None, NOW)
        if ends == "failed":
            message.status, message.error = MessageStatus.FAILED, "The phone is off."
        db.session.commit()
    now = NOW + 2 * LATER
    if then == "cancel":
        cancel(salon, booked, now)
    else:
        move(salon, booked, {"2": TWO, "5": FIVE}[then], now)
    plan_fallbacks(now + LATER)
    send(salon, now + LATER)
    assert [_short(text) for text in waiting(salon)[1:] if text.startswith("delivered")] == told


def test_a_confirmation_that_comes_back_says_the_new_time_and_no_notice_as_well(
    salon: Business, garage: Business
) -> None:
    booked = made(salon, TWO, NOW)
    dispatch(NOW)
    with tenant_scope(salon.id):
        on_its_way = db.session.scalars(select(Message).where(Message.status == "queued")).one()
        on_its_way.status = MessageStatus.SENDING
        db.session.commit()
    move(salon, booked, FOUR, NOW + LATER)
    with tenant_scope(salon.id):
        db.session.get_one(Message, on_its_way.id).status = MessageStatus.FAILED
        db.session.commit()
    now = NOW + 2 * LATER
    plan_fallbacks(now)
    replan(now)
    send(salon, now)
    assert [_short(text) for text in waiting(salon) if text.startswith("delivered")] == ["4:00"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        # (what happens, whether what is due leaves then); what the telephone says in the end
        ([("4", True), ("5", True)], ["4:00", "5:00"]),
        ([("4", False), ("5", True)], ["5:00"]),
        ([("4", False), ("2", True)], []),
        ([("4", True), ("2", True)], ["4:00", "2:00"]),
        ([("4", True), ("2", True), ("4", True)], ["4:00", "2:00", "4:00"]),
        ([("4", True), ("5", False), ("4", True)], ["4:00"]),
        ([("4", False), ("cancel", True)], ["2:00 off"]),
        ([("4", True), ("cancel", True)], ["4:00", "4:00 off"]),
        ([("cancel", False), ("reopen", True)], []),
        ([("cancel", True), ("reopen", True)], ["2:00 off", "2:00"]),
        ([("cancel", True), ("reopen", False), ("cancel", True)], ["2:00 off"]),
        ([("cancel", True), ("reopen", True), ("cancel", True)], ["2:00 off", "2:00", "2:00 off"]),
        ([("cancel", True), ("reopen", False), ("4", True)], ["2:00 off", "4:00"]),
        # On the telephone: nobody is told by message, and it counts as known.
        ([("4 untold", True)], []),
        ([("4", False), ("5 untold", True)], []),
        ([("4 untold", True), ("5", True)], ["5:00"]),
        ([("4", True), ("5 untold", True), ("4", True)], ["4:00", "4:00"]),
        ([("cancel untold", True), ("reopen", True)], ["2:00"]),
        ([("cancel untold", True), ("reopen untold", True)], []),
    ],
)
def test_whatever_staff_do_the_last_thing_said_is_what_holds_and_nothing_is_said_that_is_known(
    salon: Business, booked: int, changes: list[tuple[str, bool]], told: list[str]
) -> None:
    starts = {"2": TWO, "4": FOUR, "5": FIVE}
    now = NOW
    for what, leaves in changes:
        now += timedelta(seconds=1)
        verb, _, untold = what.partition(" ")
        with tenant_scope(salon.id):
            if verb in starts:
                commands.change(booked, now, tell=not untold, starts_at=starts[verb])
            else:
                getattr(commands, verb)(booked, now, tell=not untold)
            # Planned anew as often as one likes, it stays as it is.
            anew(now)
            db.session.commit()
        replan(now)
        dispatch(now)
        if leaves:
            now += LATER
            send(salon, now)
    send(salon, now + LATER)
    assert [_short(text) for text in waiting(salon)[1:] if text.startswith("delivered")] == told


def _short(text: str) -> str:
    time = text.rpartition(" at ")[2].split()[0]
    return f"{time} off" if "is cancelled" in text else time


def test_who_is_told_by_a_notice_is_not_told_by_the_reminder_at_once_as_well(
    salon: Business, booked: int
) -> None:
    send(salon, at("2026-11-19 14:00"))
    move(salon, booked, FIVE, at("2026-11-19 18:00"))
    send(salon, at("2026-11-19 18:05"))
    assert [_short(text) for text in waiting(salon)] == ["2:00", "2:00", "5:00"]
    assert states(salon, booked)[-1] == "24h 2026-11-19 17:00 booked_late"


def test_a_reminder_that_would_go_with_the_notice_at_the_end_of_the_night_is_left_out(
    salon: Business, booked: int
) -> None:
    # A day before it is half past seven, in quiet hours until eight.
    move(salon, booked, at("2026-11-12 07:30"), at("2026-11-10 23:00"))
    for moment in ("2026-11-11 08:00", "2026-11-11 09:00"):
        send(salon, at(moment))
        with tenant_scope(salon.id):
            anew(at(moment))
            db.session.commit()
        replan(at(moment))
    assert [_short(text) for text in waiting(salon)] == ["2:00", "7:30"]
    assert states(salon, booked)[-1].endswith("booked_late")


def test_who_knows_it_by_word_of_mouth_is_not_told_by_the_reminder_at_once(
    salon: Business, booked: int
) -> None:
    send(salon, at("2026-11-19 14:00"))
    move(salon, booked, FIVE, at("2026-11-19 18:00"), tell=False)
    send(salon, at("2026-11-19 18:05"))
    assert [_short(text) for text in waiting(salon)] == ["2:00", "2:00"]


def test_a_confirmation_that_has_not_left_says_the_new_time_and_nothing_else_does(
    salon: Business, garage: Business
) -> None:
    late = at("2026-11-10 23:00")
    booked = made(salon, TWO, late)
    move(salon, booked, FOUR, late + LATER)
    send(salon, at("2026-11-11 08:00"))
    assert [_short(text) for text in waiting(salon)] == ["4:00"]


def test_a_business_without_confirmations_tells_all_the_same(
    salon: Business, garage: Business
) -> None:
    options(salon, "booking_confirmation", enabled=False)
    move(salon, made(salon, TWO, NOW), FOUR, NOW)
    send(salon, NOW + LATER)
    assert [_short(text) for text in waiting(salon)] == ["4:00"]


def test_in_quiet_hours_it_waits_until_they_are_over_and_says_so(
    salon: Business, booked: int
) -> None:
    night = at("2026-11-10 23:00")
    move(salon, booked, FOUR, night)
    assert states(salon, booked, "appointment_moved") == ["0h 2026-11-11 08:00 planned"]
    with tenant_scope(salon.id):
        why = of_appointment(db.session.get_one(Appointment, booked), night)[1][1]
    assert why == (
        "Goes out on Wed, Nov 11, 8:00 AM by SMS to (212) 555-0142: to tell them of the new time,"
        " kept out of quiet hours."
    )
    move(salon, booked, FIVE, night + LATER)
    send(salon, at("2026-11-11 08:00"))
    assert [_short(text) for text in waiting(salon)[1:]] == ["5:00"]
    # Where the morning comes too late, nobody is woken, and the reason says it.
    move(salon, booked, at("2026-11-12 07:30"), at("2026-11-11 23:00"))
    assert states(salon, booked, "appointment_moved")[-1].endswith("quiet_hours")


@pytest.mark.parametrize("start", [TWO - LATER, None])
def test_nobody_is_told_of_what_is_past(
    salon: Business, booked: int, start: datetime | None
) -> None:
    after = TWO + LATER
    move(salon, booked, start, after) if start else cancel(salon, booked, after)
    send(salon, after + LATER)
    assert len(waiting(salon)) == 1


def test_what_could_not_leave_in_time_does_not_leave_late(salon: Business, booked: int) -> None:
    cancel(salon, booked, TWO - LATER)
    dispatch(TWO)
    assert states(salon, booked, "appointment_cancelled")[0].endswith("skipped_late")


def test_a_notice_that_failed_goes_by_another_channel_and_only_as_long_as_it_holds(
    salon: Business, booked: int
) -> None:
    hear(salon, "Hello", channel="whatsapp", at=NOW)
    move(salon, booked, FOUR, NOW)
    dispatch(NOW + LATER)
    with tenant_scope(salon.id):
        for message in db.session.scalars(select(Message).where(Message.status == "queued")):
            message.status, message.error = MessageStatus.FAILED, "The phone is off."
        db.session.commit()
    plan_fallbacks(NOW + LATER)
    dispatch(NOW + LATER)
    with tenant_scope(salon.id):
        kind = Notification.type == "appointment_moved"
        assert db.session.scalars(select(Notification.channel).where(kind)).all() == ["whatsapp"]
    # Moved back before that one left: nobody has heard of four o'clock, and nobody does.
    move(salon, booked, TWO, NOW + LATER)
    send(salon, NOW + 3 * LATER)
    assert [text.partition(":")[0] for text in waiting(salon)] == ["delivered", "failed"]


def test_outside_whatsapps_window_the_approved_template_names_the_time_that_they_know(
    salon: Business, booked: int
) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).preferred_channel = "whatsapp"
        [approved] = db.session.scalars(select(WhatsappTemplate))
        template = add(KINDS["appointment_cancelled"], CHANNELS["whatsapp"], "en")
        template.approved_id = approved.id
        template.gaps = {"1": "customer_name", "2": "appointment_time"}
        db.session.commit()
    move(salon, booked, FOUR, NOW)
    cancel(salon, booked, NOW)
    send(salon, NOW + LATER)
    assert waiting(salon)[-1] == "delivered: Hi Ann, see you 2:00 PM."


def test_the_preview_and_the_effect_of_settings_know_what_waits(
    salon: Business, booked: int
) -> None:
    night = at("2026-11-10 23:00")
    move(salon, booked, FOUR, night)
    with tenant_scope(salon.id):
        [entry] = preview(night, night + timedelta(hours=12)).going
        assert entry.send and "4:00 PM" in entry.send.wording.body
        off = propose(policy(), {"types": {"appointment_moved": {"enabled": False}}})
        assert [change.type for change in effect(off, night).dropped] == ["appointment_moved"]
        assert not effect(policy(), night).dropped


def test_it_is_said_in_the_customers_language(salon: Business, booked: int) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).language = "es-MX"
        add(KINDS["appointment_cancelled"], CHANNELS["sms"], "es")
        db.session.commit()
    cancel(salon, booked, NOW)
    send(salon, NOW + LATER)
    assert "queda cancelada" in waiting(salon)[-1]


def test_whoever_stopped_is_told_nothing(salon: Business, booked: int) -> None:
    hear(salon, "STOP", at=NOW)
    cancel(salon, booked, NOW)
    send(salon, NOW + LATER)
    assert states(salon, booked, "appointment_cancelled")[0].endswith("opted_out")


def test_who_gets_the_appointment_of_another_is_told_of_no_move(
    salon: Business, garage: Business
) -> None:
    booked = made(salon, TWO, NOW)
    with tenant_scope(salon.id):
        other = Customer(first_name="Ben")
        db.session.add(other)
        db.session.commit()
        commands.change(booked, NOW, tell=True, starts_at=FOUR, customer_id=other.id)
    assert states(salon, booked, "appointment_moved") == []


def test_what_another_program_moves_tells_nobody_by_a_notice(salon: Business, booked: int) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Appointment, booked).starts_at = FOUR
        db.session.commit()
    replan(NOW + LATER)
    assert states(salon, booked, "appointment_moved") == []


def test_turned_off_it_does_not_go_out_and_the_nearest_reminder_tells_them_as_before(
    salon: Business, booked: int
) -> None:
    options(salon, "appointment_moved", enabled=False)
    send(salon, at("2026-11-19 14:00"))
    move(salon, booked, FIVE, at("2026-11-19 18:00"))
    send(salon, at("2026-11-19 18:05"))
    assert states(salon, booked, "appointment_moved") == ["0h 2026-11-19 18:00 turned_off"]
    assert [_short(text) for text in waiting(salon)] == ["2:00", "2:00", "5:00"]


def test_paused_it_waits_and_comes_only_if_it_is_still_true(salon: Business, booked: int) -> None:
    with tenant_scope(salon.id):
        change.pause(NOW)
    move(salon, booked, FOUR, NOW)
    send(salon, NOW + LATER)
    move(salon, booked, TWO, NOW + 2 * LATER)
    with tenant_scope(salon.id):
        change.resume(NOW + 3 * LATER)
    send(salon, NOW + 4 * LATER)
    assert len(waiting(salon)) == 1
