"""The polite answer to an answer, in the tenant's words."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from app.channels import CHANNELS, home
from app.channels.channel import Channel
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.time.business_time import BusinessTime
from app.models import Answer, ConsentEvent, Customer, Message, Reply, Tenant
from app.notifications.answers import ANSWERS, OURS
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.templates import answer_in
from app.notifications.content.variables import listed, values
from app.notifications.content.wording import Wording, filled
from app.notifications.planning.withdraw import taken_back
from app.outbox.compose.automatic_message import hand_over
from app.outbox.compose.delivery_route import route_of_text
from app.outbox.compose.email_loop import AnsweredLately
from app.outbox.queue.automatic_pause import BY_RULE
from app.outbox.queue.destinations import check
from app.outbox.queue.due import IN_FLIGHT
from app.outbox.queue.opt_out import opted_out
from app.outbox.queue.stop_asked import undecided
from app.outbox.refused import Refused
from app.replies.asked import Asked

# Of what goes out by itself in answer to a customer, one text in so long a time.
ALONE = timedelta(minutes=1)


def say(text: str, message: Message, meant: list[Asked], now: datetime) -> bool:
    """Enter that one of ANSWERS to the customer's message, about all that it is about, to the
    address that it came from; whether there is one. The caller commits, and enqueues. Quiet hours
    do not hold for who has just written.

    There is none where they want no messages, or may want none, and where Twilio answers: a YES
    that ends a STOP. Nor is a machine's email answered, nor a second one of an address in a day. A
    rule's text less than a minute before, as happens where this is late, is answer enough.
    Raises BadTemplate where the tenant's text cannot be used, and Loop where a program seems to
    answer ours.
    """
    if _heard_by_carrier(message) or opted_out(message.channel, message.sender):
        return False
    if message.received_email and not message.received_email.answerable:
        return False
    if undecided(message.customer_id) or _texted_by_rule(message.customer_id, now - ALONE):
        return False
    customer = db.session.get_one(Customer, message.customer_id)
    tenant = db.session.get_one(Tenant, message.tenant_id)
    try:
        route = route_of_text(customer, tenant, CHANNELS[home(message.channel)], now)
        there = replace(route, recipient=message.sender)
        check(tenant, there.channel, there.recipient)
    except Refused:
        return False
    said = _wording(text, meant, customer, tenant, there.channel)
    until = min(each.appointment.starts_at for each in meant)
    try:
        hand_over(customer, there, said, now, until, f"{OURS}{message.id}", answers=message)
    except AnsweredLately:
        return False
    return True


def _wording(
    text: str, meant: list[Asked], customer: Customer, tenant: Tenant, channel: Channel
) -> Wording:
    """In the language of the question; where that is not known, in the customer's, else in the
    business's."""
    asked_in = meant[0].notification.language or known(customer.language, known(tenant.locale))
    template = answer_in(ANSWERS[text], channel, asked_in)
    first, *others = [each.appointment for each in meant]
    about = f"{template.subject or ''} {template.body}"
    told = values(
        *(ANSWERS[text], tenant, template.language, customer, first), others=others, text=about
    )
    return filled(template, told, channel, tenant)


def _texted_by_rule(customer_id: int, since: datetime) -> bool:
    query = select(Message.id).where(
        Message.customer_id == customer_id,
        Message.created_at > since,
        Message.client_token.startswith(BY_RULE),
        Message.status != MessageStatus.CANCELLED,
    )
    return db.session.scalar(query.limit(1)) is not None


def named(meant: list[Asked], tenant: Tenant) -> str:
    """«They were asked about Mia at 3:00 PM and Tom at 3:30 PM.»; empty where it is one, and the
    customer's own."""
    if len(meant) == 1 and not meant[0].appointment.who_comes:
        return ""
    there = BusinessTime(tenant.timezone, tenant.locale)
    told = [each.appointment for each in meant]
    them = [
        f"{each.who_comes or each.customer.name} at {there.time(each.starts_at)}" for each in told
    ]
    return f"They were asked about {listed(them, LANGUAGES['en'])}."


def said_before(answer: str, meant: list[Asked]) -> bool:
    """Whether such an answer to the same question was answered already."""
    query = select(Reply.id).where(
        Reply.notification_id.in_([each.notification.id for each in meant]),
        Reply.answer == answer,
        Reply.answered,
    )
    return db.session.scalar(query.limit(1)) is not None


def take_back(message: Message, answer: Answer, now: datetime) -> None:
    """What waits to be said to the customer's earlier messages is not said any more, now that they
    have written this; unless it answers the same."""
    waiting = select(Message).where(
        Message.customer_id == message.customer_id,
        Message.client_token.startswith(OURS),
        Message.status.in_((MessageStatus.QUEUED, *IN_FLIGHT)),
    )
    for each in db.session.scalars(waiting.with_for_update()).all():
        if _answered_by(each) != answer:
            taken_back(each, now)


def _answered_by(said: Message) -> str | None:
    """What the customer had said whom that message answers."""
    heard = int(str(said.client_token).removeprefix(OURS))
    return db.session.scalar(select(Reply.answer).where(Reply.message_id == heard))


def _heard_by_carrier(message: Message) -> bool:
    query = select(ConsentEvent.id).where(ConsentEvent.message_id == message.id)
    return db.session.scalar(query.limit(1)) is not None
