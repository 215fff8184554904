"""Texts at hand for whoever writes by hand: canned replies and the templates of automatic messages,
with what is known of the customer filled in. Nothing here sends anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memo_scope
from app.models import Appointment, CannedReply, Customer, MessageTemplate, Tenant
from app.notifications.content.liquid import BadTemplate
from app.notifications.content.template_languages import known
from app.notifications.content.templates import template_for
from app.notifications.content.variables import values
from app.notifications.content.wording import filled
from app.notifications.types import TYPES
from app.notifications.types.notification_type import EXPECTED, OF_AN_APPOINTMENT, Kind

# What a canned reply may name; it says nothing by itself.
CANNED = Kind(
    key="canned_reply",
    label="Canned reply",
    order=0,
    help="",
    variables=OF_AN_APPOINTMENT,
    texts={},
)
# More nobody chooses from.
MOST = 100
PLAIN = CHANNELS["sms"]


@dataclass(frozen=True)
class ReadyText:
    title: str
    shortcut: str
    """What is typed after a slash."""
    text: str
    """Filled in, as it would be sent."""
    lacks_appointment: bool = False
    """Whether it names an appointment, and none is to come: its date and time are empty."""


def visible(user_id: int | None) -> ColumnElement[bool]:
    """The condition that a canned reply is the team's or the user's own."""
    return or_(CannedReply.user_id.is_(None), CannedReply.user_id == user_id)


def ready_texts(
    customer: Customer, user_id: int | None, channel: Channel, tenant: Tenant, now: datetime
) -> list[ReadyText]:
    """All that can be inserted, one's own first, then the team's, then the templates; what cannot
    be filled in is left out."""
    with memo_scope():
        return _ready(customer, user_id, channel, tenant, now)


def _ready(
    customer: Customer, user_id: int | None, channel: Channel, tenant: Tenant, now: datetime
) -> list[ReadyText]:
    coming = _coming(customer, now)
    query = select(CannedReply).where(visible(user_id)).limit(MOST)
    ordered = query.order_by(CannedReply.user_id.is_(None), CannedReply.title, CannedReply.id)
    told = values(CANNED, tenant, known(customer.language, known(tenant.locale)), customer, coming)
    own = [
        (each.title, each.shortcut, _of(each.body, customer, tenant), told)
        for each in db.session.scalars(ordered)
    ]
    texts = [*own, *_templates(customer, tenant, channel, coming)]
    return list(_filled(texts, tenant, coming is None))


def _of(body: str, customer: Customer, tenant: Tenant) -> MessageTemplate:
    language = known(customer.language, known(tenant.locale))
    return MessageTemplate(subject="", body=body, language=language)


Found = tuple[str, str, MessageTemplate, dict[str, str]]


def _templates(
    customer: Customer, tenant: Tenant, channel: Channel, coming: Appointment | None
) -> Iterator[Found]:
    for kind in sorted(TYPES.values(), key=lambda kind: kind.order):
        text = template_for(kind, channel, customer.language, tenant)
        told = values(kind, tenant, text.language, customer, coming)
        yield f"Template: {kind.label}", kind.key.replace("_", "-"), text, told


def _filled(texts: list[Found], tenant: Tenant, lacks: bool) -> Iterator[ReadyText]:
    for title, shortcut, text, told in texts:
        # A template of an email is HTML, a canned reply never.
        channel = CHANNELS.get(text.channel or PLAIN.key, PLAIN)
        try:
            wording = filled(text, told, channel, tenant)
        except BadTemplate:
            continue
        names_one = lacks and "{{" in text.body and "appointment_" in text.body
        yield ReadyText(title, shortcut, wording.body, names_one)


def _coming(customer: Customer, now: datetime) -> Appointment | None:
    """The next that they are expected at."""
    query = (
        select(Appointment)
        .where(Appointment.customer_id == customer.id, Appointment.starts_at > now)
        .where(Appointment.status.in_(EXPECTED))
        .options(joinedload(Appointment.service), joinedload(Appointment.staff_member))
        .order_by(Appointment.starts_at)
    )
    return db.session.scalar(query.limit(1))
