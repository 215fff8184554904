"""Open, snoozed, closed; waiting for us; somebody's: what staff, customers and time make of it."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.channels import CHANNELS
from app.extensions import db, redis_client
from app.inbound import incoming_calls
from app.inbound.emails.receive_email import receive_email
from app.inbox import conversation_commands as commands
from app.inbox import wake
from app.inbox.conversation_commands import Seen
from app.inbox.conversation_log import By
from app.lib.mail.automatic_mail import Nature
from app.lib.telephone.call_outcome import CallOutcome
from app.models import (
    Conversation,
    ConversationEvent,
    ConversationState,
    Customer,
    Message,
    Tenant,
    User,
)
from app.outbox.after_send import take_back
from app.outbox.compose.automatic_message import hand_over
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route_of_text
from app.outbox.compose.manual_message import compose
from app.providers.contract import CallReport, Received, ReceivedLetter
from app.streams.pubsub import OF_A_TENANT
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import NOON, Business, hear, sid

OPEN, SNOOZED, CLOSED = ConversationState
LATER, TOMORROW = NOON + timedelta(hours=1), NOON + timedelta(days=1)
RULE = By(rule_name="Price list")


def talk(business: Business) -> Conversation:
    db.session.rollback()
    with tenant_scope(business.id):
        theirs = select(Conversation).where(Conversation.customer_id == business.customer_id)
        return db.session.scalars(theirs.execution_options(populate_existing=True)).one()


def state(business: Business, at: datetime = LATER) -> ConversationState:
    return talk(business).state(at)


def user(business: Business, email: str) -> int:
    with tenant_scope(business.id):
        return db.session.scalars(select(User.id).where(User.email == email)).one()


def close(business: Business, by: By | None = None, seen: Seen | None = None) -> bool:
    return do(business, commands.close, by or By(), NOON, seen)


def snooze(business: Business, until: datetime = TOMORROW) -> bool:
    return do(business, commands.snooze, until, By(), NOON)


def do(business: Business, command: object, *told: object) -> bool:
    with tenant_scope(business.id):
        changed: bool = command(business.customer_id, *told)  # type: ignore[operator]
        db.session.commit()
    return changed


def ring(business: Business, at: datetime, outcome: CallOutcome, of: str = "1" * 32) -> None:
    report = CallReport(f"CA{of}", business.customer_number, business.number, outcome)
    with tenant_scope(business.id):
        incoming_calls.record(business.route, report, at)


def write(business: Business, at: datetime = LATER, author: str | None = None) -> int:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        author_id = user(business, author) if author else None
        return compose(customer, "sms", "Hello", at, author_id=author_id).id


def email(business: Business, nature: Nature, said: str = "Hello") -> None:
    address = f"ann@{business.slug}.test"
    letter = ReceivedLetter(f"<{sid()}@x.test>", "Subject", nature=nature)
    told = Received(sid(), address, (), "", "", said, (), letter=letter)
    with tenant_scope(business.id):
        receive_email(business.route, told, LATER)


def log(business: Business) -> list[tuple[str, str | None]]:
    with tenant_scope(business.id):
        events = select(ConversationEvent).where(ConversationEvent.kind != "label_added")
        found = db.session.scalars(events.order_by(ConversationEvent.id)).all()
        return [(event.kind, event.rule_name or event.about) for event in found]


def test_it_begins_open_and_the_customer_waits(salon: Business, garage: Business) -> None:
    assert (state(salon), talk(salon).waits_since) == (OPEN, NOON)
    hear(salon, "And one more", at=LATER)
    assert talk(salon).waits_since == NOON, "since the first that nobody answered"


def test_what_is_closed_is_closed_once_and_the_strangers_stays_open(
    salon: Business, garage: Business
) -> None:
    assert close(salon, RULE) and not close(salon, RULE)
    assert (state(salon), talk(salon).unread_count, talk(salon).waits_since) == (CLOSED, 0, None)
    assert (state(garage), log(garage)) == (OPEN, [])
    assert log(salon) == [("closed", "Price list")]


@pytest.mark.parametrize("rests", [close, snooze])
@pytest.mark.parametrize("heard", ["text", "whatsapp", "email", "call"])
def test_whatever_the_customer_does_opens_it(salon: Business, rests: object, heard: str) -> None:
    rests(salon)  # type: ignore[operator]
    assert state(salon) is not OPEN
    match heard:
        case "call":
            ring(salon, LATER, CallOutcome.MISSED)
        case "email":
            email(salon, Nature())
        case channel:
            hear(salon, "Hello again", channel="sms" if channel == "text" else channel, at=LATER)
    assert (state(salon), talk(salon).waits_since is not None) == (OPEN, True)


def test_a_webhook_says_it_with_its_one_statement(salon: Business) -> None:
    close(salon)
    with statements() as seen:
        hear(salon, "Hello again", at=LATER)
    assert len(seen) == 1


@pytest.mark.parametrize("rests", [close, snooze])
def test_neither_stop_nor_a_machine_opens_it(salon: Business, rests: object) -> None:
    rests(salon)  # type: ignore[operator]
    before = state(salon)
    hear(salon, "STOP", at=LATER)
    email(salon, Nature(answerable=False, personal=False, commands=False))
    assert state(salon) is before and talk(salon).waiting_since is None
    email(salon, Nature(answerable=False, commands=False), "To STOP these emails, click here")
    assert state(salon) is OPEN, "a booking portal writes for a person"


def test_an_automatic_message_opens_nothing_and_answers_nobody(salon: Business) -> None:
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        by = route_of_text(customer, db.session.get_one(Tenant, salon.id), CHANNELS["sms"], NOON)
        hand_over(customer, by, Content("A reminder"), LATER, TOMORROW, "automatic-1")
        db.session.commit()
    assert talk(salon).waits_since == NOON
    close(salon)
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        hand_over(customer, by, Content("Another"), LATER, TOMORROW, "automatic-2")
        db.session.commit()
    assert state(salon) is CLOSED


def test_an_answer_by_hand_opens_it_and_nobody_waits(salon: Business, garage: Business) -> None:
    close(salon)
    write(salon, author=salon.staff)
    assert (state(salon), talk(salon).waits_since) == (OPEN, None)
    assert talk(garage).waits_since == NOON


def test_an_answer_that_is_taken_back_was_none(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).undo_seconds = 60
        db.session.commit()
    first = write(salon, author=salon.staff)
    hear(salon, "And then?", at=LATER + timedelta(minutes=1))
    second = write(salon, LATER + timedelta(minutes=2), author=salon.staff)
    undo(salon, second)
    assert talk(salon).waits_since == LATER + timedelta(minutes=1)
    write(salon, LATER + timedelta(minutes=3), author=salon.staff)
    undo(salon, first)
    assert talk(salon).waits_since is None, "the last answer stands"


def undo(business: Business, id_: int) -> None:
    with tenant_scope(business.id):
        take_back(db.session.get_one(Message, id_), None, NOON)


def test_a_snooze_ends_by_itself_and_they_wait_as_long_as_they_do(
    salon: Business, garage: Business
) -> None:
    snooze(salon)
    assert state(salon, TOMORROW - timedelta(seconds=1)) is SNOOZED
    assert state(salon, TOMORROW) is OPEN, "before any job has looked"
    channel = redis_client().pubsub()  # type: ignore[no-untyped-call]
    channel.psubscribe(f"{OF_A_TENANT}*")
    assert wake.wake(TOMORROW - timedelta(seconds=1)) == 0
    assert (wake.wake(TOMORROW), wake.wake(TOMORROW)) == (1, 0)
    assert (talk(salon).waiting_since, talk(salon).snoozed_until) == (NOON, None)
    assert log(salon) == [("snoozed", None), ("woke", None)]
    told = [each["data"] for each in iter(lambda: channel.get_message(timeout=1), None)]
    assert str(salon.customer_id).encode() in told


def test_two_wake_it_once(salon: Business) -> None:
    snooze(salon)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    done: list[int] = []

    def work() -> None:
        with app.app_context():
            done.append(wake.wake(TOMORROW))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(done) == 1
    assert log(salon).count(("woke", None)) == 1


def test_whoever_writes_while_it_is_snoozed_wakes_it_for_good(salon: Business) -> None:
    snooze(salon)
    hear(salon, "It is urgent", at=LATER)
    assert talk(salon).waits_since == NOON
    wake.wake(TOMORROW)
    assert (state(salon, TOMORROW), talk(salon).waiting_since) == (OPEN, NOON)
    assert ("woke", None) not in log(salon), "it was open already"


def test_a_snooze_is_moved_and_not_into_the_past(salon: Business) -> None:
    assert snooze(salon) and not snooze(salon)
    assert snooze(salon, TOMORROW + timedelta(days=1))
    assert talk(salon).waited_since == NOON
    with pytest.raises(commands.TooLate, match="Choose a later one"):
        snooze(salon, NOON)
    assert do(salon, commands.open_, By(), NOON)
    assert (state(salon), talk(salon).waiting_since) == (OPEN, NOON)
    assert not do(salon, commands.open_, By(), NOON)


def test_what_came_after_what_was_seen_hides_nothing(salon: Business) -> None:
    seen = Seen(talk(salon).last_message_id)
    hear(salon, "Wait!", at=LATER)
    assert not close(salon, seen=seen) and state(salon) is OPEN
    seen = Seen(talk(salon).last_message_id)
    ring(salon, LATER, CallOutcome.MISSED)
    assert not close(salon, seen=seen) and state(salon) is OPEN
    assert close(salon, seen=Seen(talk(salon).last_message_id, talk(salon).last_call_id or 0))


def test_a_message_that_comes_as_it_is_closed_opens_it(salon: Business) -> None:
    """Whose clock is behind does not matter: the row says who was last."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def late() -> None:
        with app.app_context():
            hear(salon, "I am here", at=NOON - timedelta(minutes=5))

    webhook = threading.Thread(target=late)
    with tenant_scope(salon.id):
        commands.close(salon.customer_id, By(), NOON)
        db.session.flush()
        webhook.start()
        webhook.join(0.3)
        assert webhook.is_alive(), "it waits for the row"
        db.session.commit()
    webhook.join()
    assert state(salon) is OPEN


def test_a_call_that_was_taken_after_all_waits_no_more(salon: Business) -> None:
    close(salon)
    ring(salon, LATER, CallOutcome.MISSED)
    ring(salon, LATER, CallOutcome.ANSWERED)
    assert state(salon) is CLOSED
    ring(salon, LATER, CallOutcome.MISSED, of="2" * 32)
    hear(salon, "I rang", at=LATER + timedelta(seconds=5))
    ring(salon, LATER, CallOutcome.ANSWERED, of="2" * 32)
    assert state(salon) is OPEN


def test_whoever_answers_what_is_nobodys_sees_to_it(salon: Business) -> None:
    me, admin = user(salon, salon.staff), user(salon, salon.admin)
    write(salon, author=salon.staff)
    assert talk(salon).assignee_id == me
    write(salon, LATER + timedelta(minutes=1), author=salon.admin)
    assert talk(salon).assignee_id == me, "it is somebody's"
    assert do(salon, commands.assign, admin, By(me), LATER)
    assert not do(salon, commands.assign, admin, By(me), LATER)
    assert do(salon, commands.assign, None, By(me), LATER)
    assert log(salon) == [
        ("assigned", "Staff"),
        ("assigned", "Admin"),
        ("unassigned", "Admin"),
    ]


def test_neither_a_stranger_nor_who_is_disabled_can_be_given_it(
    salon: Business, garage: Business
) -> None:
    staff = user(salon, salon.staff)
    with tenant_scope(salon.id):
        db.session.execute(update(User).where(User.id == staff).values(active=False))
        db.session.commit()
        assert staff not in [each.id for each in commands.assignable()]
    for user_id in (staff, user(garage, garage.staff), 10**8):
        with pytest.raises(commands.NotAssignable):
            do(salon, commands.assign, user_id, By(), NOON)
        db.session.rollback()


def test_a_deleted_user_leaves_it_to_nobody_and_their_name_in_the_log(salon: Business) -> None:
    write(salon, author=salon.staff)
    with tenant_scope(salon.id):
        db.session.execute(delete(User).where(User.email == salon.staff))
        db.session.commit()
    assert talk(salon).assignee_id is None
    assert log(salon) == [("assigned", "Staff")]


DEEDS = ("hear", "stop", "ring", "answer", "close", "snooze", "open", "wake", "automatic")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(st.sampled_from(DEEDS), max_size=8))
def test_nobody_who_waits_is_out_of_sight(salon: Business, deeds: list[str]) -> None:
    """In whatever order things happen: what is heard after the last rest is open; a snooze only
    puts it off."""
    do(salon, commands.open_, By(), NOON)
    write(salon, NOON)
    moment, waits, rest = NOON, False, OPEN
    for number, deed in enumerate(deeds):
        moment += timedelta(hours=1)
        match deed:
            case "hear":
                hear(salon, f"Text {number}", at=moment)
                waits, rest = True, OPEN
            case "stop":
                hear(salon, "STOP", at=moment)
                hear(salon, "START", at=moment)
                waits, rest = True, OPEN
            case "ring":
                ring(salon, moment, CallOutcome.MISSED, of=sid()[2:])
                waits, rest = True, OPEN
            case "answer":
                write(salon, moment)
                waits, rest = False, OPEN
            case "close":
                do(salon, commands.close, By(), moment)
                waits, rest = False, CLOSED
            case "snooze":
                do(salon, commands.snooze, moment + timedelta(days=9), By(), moment)
                rest = SNOOZED
            case "open":
                do(salon, commands.open_, By(), moment)
                rest = OPEN
            case "wake":
                wake.wake(moment + timedelta(days=30))
                rest = OPEN if rest is SNOOZED else rest
    found = talk(salon)
    assert (found.state(moment), found.waits_since is not None) == (rest, waits)
