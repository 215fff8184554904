"""What breaks while something is sent or proved: it is told, put right by the button that the next
step names, and well again."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.health import look, look_request
from app.health.finding import Finding, State
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Message, Tenant
from app.operations import retry_or_discard
from app.outbox.drain import drain
from app.outbox.queue import paused_senders
from app.outbox.reply_to import reply_address
from app.outbox.reply_to.confirmation_links import send_links
from app.outbox.settle.record import MOST_ATTEMPTS
from app.tenancy import tenant_scope
from tests.health.test_outside import found
from tests.numbers.test_prove import at_twilio, own_account, uses, wants
from tests.outbox.reply_to.test_reply_address import link
from tests.support.carrier import OWN, Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.poison import buried, message, queue
from tests.support.world import NOON, Business

MINUTE = timedelta(minutes=1)
NUMBER = "+14155550188"


def test_a_suspended_account_stops_what_is_sent_until_it_is_tried_again(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    id_ = queue(salon, "Hello")
    twilio.breaks("account_suspended")
    drain(NOON)
    told = found(salon)["sender_paused"]
    assert (told.state, "suspended or closed" in told.sentence) == (State.BROKEN, True)
    assert "press “Try again now”" in told.next_step
    assert found(garage)["sender_paused"].state is State.OK
    twilio.mends("account_suspended")
    with tenant_scope(salon.id):
        paused_senders.resume()
    drain(NOON + MINUTE)
    assert found(salon)["sender_paused"].state is State.OK
    assert len(twilio.sent(salon.customer_number)) == 1
    assert message(salon, id_).status is not MessageStatus.QUEUED


def test_what_twilio_keeps_putting_off_is_given_up_on_until_the_operator_tries_it_again(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    id_ = queue(salon, "Hello")
    with tenant_scope(salon.id):
        db.session.get_one(Message, id_).attempts = MOST_ATTEMPTS - 1
        db.session.commit()
    twilio.breaks("queue_full", at_twilio_ours(twilio, salon))
    drain(now())
    assert (parked().state, "Given up on" in parked().sentence) == (State.WARNING, True)
    twilio.mends("queue_full", salon.number)
    assert retry_or_discard.retry(buried(salon)[0].id, now()) is retry_or_discard.Settled.DONE
    drain(now())
    assert parked().state is State.OK
    assert len(twilio.sent(salon.customer_number)) == 1


def at_twilio_ours(twilio: Carrier, business: Business) -> str:
    at_twilio(twilio, twilio.sid, business.number)
    return business.number


def parked() -> Finding:
    db.session.rollback()
    return {each.check: each for each in look.of_platform(NOON)}["parked"]


def test_a_number_that_left_an_account_of_its_own_is_told_and_counts_again_at_the_next_look(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0], NUMBER)
    own_account(salon, OWN[0])
    wants(salon, NUMBER)

    def told(at: datetime) -> Finding:
        """By “Check now”."""
        with tenant_scope(salon.id):
            look_request.of_business(at)
        return found(salon, at)["sender_numbers"]

    assert (told(NOON).state, uses(salon)) == (State.OK, NUMBER)
    twilio.breaks("number_gone", NUMBER)
    assert found(salon, NOON + MINUTE)["sender_numbers"].state is State.OK, "nobody asked"
    gone = told(NOON + MINUTE)
    assert (gone.state, "has no such number" in gone.sentence) == (State.BROKEN, True)
    assert "press “Check now”" in gone.next_step and uses(salon) is None
    twilio.mends("number_gone", NUMBER)
    assert (told(NOON + 2 * MINUTE).state, uses(salon)) == (State.OK, NUMBER)


def test_a_link_that_the_mail_server_refused_is_told_and_sent_again_by_a_button(
    post: Mailboxes, twilio: Carrier, salon: Business, garage: Business
) -> None:
    wanted = "bella@salon.test"

    def tenant() -> Tenant:
        db.session.rollback()
        return db.session.scalars(select(Tenant).where(Tenant.id == salon.id)).one()

    def told() -> Finding:
        send_links(now() + 6 * MINUTE)
        return found(salon)["email_answers"]

    twilio.breaks("mail_refused")
    reply_address.enter(tenant(), wanted, now())
    db.session.commit()
    assert (told().state, "did not take the link" in told().sentence) == (State.WARNING, True)
    twilio.mends("mail_refused")
    later = now() + 12 * MINUTE
    assert reply_address.ask_again(tenant(), later)
    db.session.commit()
    send_links(later)
    assert "Open the email that we sent there" in told().next_step
    asked = reply_address.asked(link(post, wanted).rpartition("/")[2], later)
    assert asked is not None
    reply_address.confirm(asked)
    assert told().state is State.OK
