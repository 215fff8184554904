"""What the demo business and its customers wrote to each other in the last days."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db
from app.inbound import receive
from app.inbound.routing import Route
from app.inbox.thread import mark_read
from app.lib.status import MessageStatus
from app.models import ContactPoint, Conversation, Customer, Direction, Message, Tenant, User
from app.outbox.ledger import enter
from app.providers.base import Received
from app.providers.twilio.errors import explain

STATUSES = {"✓": MessageStatus.DELIVERED, "✓✓": MessageStatus.READ, "✗": MessageStatus.FAILED}
LANDLINE = 30006


@dataclass(frozen=True)
class Person:
    name: str
    number: str
    channel: str
    unread: bool
    lines: str
    """One a line: hours ago, who (customer ← or business with its state ✓ ✓✓ ✗), text."""


PEOPLE = (
    Person("Ann Becker", "+12125550142", "sms", True, """
        73.0 ✓ Hi Ann, your Cut & Blow-dry at Bella Salon is booked for Tuesday at 10:30 with Sofia.
        72.8 ← Perfect, thank you!
        2.2 ← Hi! Is it possible to add a color treatment to my appointment on Tuesday?
        2.1 ← And how much longer would it take? 😊"""),
    Person("Marcus Lee", "+16465550117", "whatsapp", True, """
        49.0 ← Do you also do beard trims?
        48.7 ✓✓ We do! 25 minutes, $30. Shall I book you in, Marcus?
        48.5 ← Yes please, Thursday after 5 if possible
        48.2 ✓✓ Thursday 5:30 pm with Leo – done.
        0.6 ← Running 10 minutes late, sorry!"""),
    Person("Priya Nair", "+19175550163", "whatsapp", False, """
        27.0 ← Hello, can I move my balayage from Friday to Saturday?
        26.5 ✓✓ Of course, Priya. Saturday 11:00 is free with Sofia. Would that suit you?
        26.4 ← 11:00 is great. Thanks so much 🙏
        4.0 ✓✓ See you Saturday! Please come with dry hair, no product."""),
    Person("Tom Alvarez", "+13475550128", "sms", False, """
        30.0 ← STILL WAITING for the invoice of last week
        29.5 ✓ Sorry for the wait, Tom. I have just sent it to your email.
        29.4 ← Got it, thanks."""),
    Person("Grace Kim", "+17185550191", "sms", False, """
        52.0 ✓ Hi Grace, this is Bella Salon. Sorry that we missed your call. How can we help?
        51.0 ← I wanted to ask about gift cards
        50.9 ✓ We have them from $25. Come by any time, or tell me the amount and I prepare one.
        50.1 ← $100 please, I pick it up on Friday"""),
    Person("Olivia Brandt", "+12015550176", "sms", False, """
        76.0 ✓ Hi Olivia, thank you for visiting Bella Salon. How did we do?
        75.2 ← Loved it! Leo is the best."""),
    Person("Henry Osei", "+15515550109", "sms", False, """
        98.0 ✗ Hi Henry, a reminder of your Beard Trim at Bella Salon tomorrow at 4:00 pm."""),
    Person("Camila Duarte", "+13055550155", "whatsapp", False, """
        122.0 ← ¿Hablan español?
        121.8 ✓✓ ¡Claro que sí, Camila! ¿En qué te ayudo?
        121.5 ← Quiero una cita para corte y color la próxima semana
        121.1 ✓✓ Tengo el miércoles a las 15:00 con Sofia. ¿Te va bien?
        120.9 ← Perfecto, gracias"""),
    Person("Noah Fischer", "+19295550134", "sms", False, """
        146.0 ← Do you take walk-ins on Sundays?
        145.4 ✓ On Sundays we are closed, Noah. Saturday mornings are usually quiet, though."""),
    Person("", "+18485550187", "sms", True, """
        5.5 ← Hello, how much is a highlights session?"""),
    Person("Ruth Abrams", "+12125550199", "sms", False, """
        170.0 ← Please cancel my appointment on Monday, I have the flu
        169.7 ✓ Done, Ruth. Get well soon! Write us when you want a new time.
        169.5 ← Will do, thank you dear"""),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    at: datetime
    person: Person
    who: str
    text: str


def create(tenant: Tenant, now: datetime) -> None:
    """Say it all again in the order of time, through the code that real messages take."""
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None)
    author_id = db.session.scalar(select(User.id).where(User.role == "staff"))
    for line in sorted(_lines(now), key=lambda line: line.at):
        if line.who == "←":
            _hear(route, line)
        else:
            _say(tenant, line, author_id)
    _read_all_but_unread()


def _lines(now: datetime) -> Iterator[Line]:
    for person in PEOPLE:
        for text in person.lines.strip().splitlines():
            hours, who, words = text.strip().split(" ", 2)
            yield Line(now - timedelta(hours=float(hours)), person, who, words)


def _sid() -> str:
    return f"SM{uuid.uuid4().hex}"


def _hear(route: Route, line: Line) -> None:
    person = line.person
    message = Received(_sid(), person.number, (), "+14155550100", person.name, line.text, ())
    receive.receive(route, CHANNELS[person.channel], message, line.at)


def _say(tenant: Tenant, line: Line, author_id: int | None) -> None:
    status = STATUSES[line.who]
    failed = status is MessageStatus.FAILED
    message = Message(
        customer_id=_customer(line.person, line.at).id,
        channel=line.person.channel,
        direction=Direction.OUTBOUND,
        status=status,
        body=line.text,
        sender=tenant.sms_from,
        recipient=line.person.number,
        created_at=line.at,
        sent_at=None if failed else line.at,
        provider_sid=_sid(),
        error_code=LANDLINE if failed else None,
        error=explain(LANDLINE) if failed else None,
        author_id=author_id,
    )
    enter(message)
    db.session.commit()
    mark_read(message.customer_id, message.id)


def _customer(person: Person, at: datetime) -> Customer:
    query = select(Customer).join(ContactPoint, ContactPoint.customer_id == Customer.id)
    known = db.session.scalar(query.where(ContactPoint.address == person.number))
    customer = known or Customer(created_at=at)
    # By SMS nobody introduces themselves: staff enter the name.
    customer.first_name, _, customer.last_name = person.name.partition(" ")
    if known is None:
        customer.contact_points.append(ContactPoint(channel=person.channel, address=person.number))
        db.session.add(customer)
    db.session.flush()
    return customer


def _read_all_but_unread() -> None:
    unread = [person.number for person in PEOPLE if person.unread]
    waiting = select(ContactPoint.customer_id).where(ContactPoint.address.in_(unread))
    db.session.execute(
        update(Conversation)
        .where(Conversation.customer_id.not_in(waiting))
        .values(unread_count=0)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
