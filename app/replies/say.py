"""The polite answer to an answer."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.lookalikes import plain
from app.lib.text import clean
from app.models import Appointment, ConsentEvent, Customer, Message, Reply, Tenant
from app.notifications.fill import fill
from app.notifications.languages import known
from app.notifications.types import TYPES
from app.notifications.values import values
from app.outbox.automatic import hand_over
from app.outbox.consent import opted_out
from app.outbox.content import Content
from app.outbox.refused import Refused
from app.outbox.way import way_of_text
from app.replies.asked import OURS
from app.replies.languages import LANGUAGES

# Its variables are those of our texts.
LIKE = TYPES["appointment_reminder"]


def say(text: str, message: Message, appointment: Appointment, now: datetime) -> bool:
    """Enter the answer to the customer's message, to the address that it came from; whether
    there is one. The caller commits, and rings. Quiet hours do not hold for who has just written.

    There is none where they want no messages, where the same was said before, and where Twilio
    answers: a YES that ends a STOP.
    """
    if _heard_by_carrier(message) or opted_out(message.channel, message.sender):
        return False
    customer = db.session.get_one(Customer, message.customer_id)
    tenant = db.session.get_one(Tenant, message.tenant_id)
    try:
        way = way_of_text(customer, tenant, CHANNELS[message.channel], now)
    except Refused:
        return False
    said = Content(wording(text, customer, tenant, appointment))
    there = replace(way, recipient=message.sender)
    hand_over(customer, there, said, now, appointment.starts_at, f"{OURS}{message.id}")
    return True


def wording(text: str, customer: Customer, tenant: Tenant, appointment: Appointment) -> str:
    """Our text of that name in the customer's language, else in the business's."""
    language = known(customer.language, known(tenant.locale))
    told = values(LIKE, tenant, language, customer, appointment)
    body = clean(fill(LANGUAGES[language].texts[text], told, escape=False)).strip()
    return plain(body) if tenant.plain_characters else body


def said_before(answer: str, appointment: Appointment) -> bool:
    """Whether such an answer about the appointment as it stands was answered already."""
    query = select(Reply.id).where(
        Reply.appointment_id == appointment.id,
        Reply.starts_at == appointment.starts_at,
        Reply.answer == answer,
        Reply.answered,
    )
    return db.session.scalar(query.limit(1)) is not None


def _heard_by_carrier(message: Message) -> bool:
    query = select(ConsentEvent.id).where(ConsentEvent.message_id == message.id)
    return db.session.scalar(query.limit(1)) is not None
