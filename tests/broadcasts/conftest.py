"""A salon with customers who agreed to offers, and a garage with its own beside it."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select, update

from app.broadcasts import broadcast_commands as commands
from app.broadcasts import broadcast_drafts as drafts
from app.broadcasts import send_offers
from app.customers import marketing
from app.extensions import db
from app.models import Broadcast, ContactPoint, Customer, CustomerSegment, Message, Tenant
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.reading import rows
from tests.support.world import NOON, Business

TEXT = "Hi {{customer_name}}, -20% this week. Reply STOP to end."


@pytest.fixture(autouse=True)
def _wide_awake(salon: Business, garage: Business) -> None:
    """No quiet hours; the tests that need some say so."""
    with unscoped("tests"):
        db.session.execute(update(Tenant).values(quiet_from=None, quiet_until=None))
        db.session.commit()
    db.session.remove()


@dataclass(frozen=True)
class Crowd:
    owner: Business
    ids: list[int]
    segment_id: int

    def number(self, place: int) -> str:
        return f"+1212555{2000 + place}"


def crowd(owner: Business, many: int, agreed: int | None = None) -> Crowd:
    """So many customers of one language, and a segment of them; the first of them agreed."""
    with tenant_scope(owner.id):
        people = [Customer(first_name=f"Kim{n}", language="fr") for n in range(many)]
        for n, each in enumerate(people):
            each.contact_points.append(ContactPoint(channel="sms", address=f"+1212555{2000 + n}"))
        segment = CustomerSegment(name="French", filters={"language": "fr"})
        db.session.add_all([*people, segment])
        db.session.flush()
        for n in range(many if agreed is None else agreed):
            place = "sms", f"+1212555{2000 + n}"
            marketing.add(place, True, "staff", NOON, NOON, "on the paper form")
        ids, segment_id = [each.id for each in people], segment.id
        db.session.commit()
    return Crowd(owner, ids, segment_id)


def drawn(people: Crowd, **more: str) -> int:
    """The id of a draft for them."""
    given = {"name": "Week", "channel": "sms", "body": TEXT, "segment_id": str(people.segment_id)}
    with tenant_scope(people.owner.id):
        return drafts.begin(given | {"rest_days": "7"} | more).id


def started(people: Crowd, at: datetime = NOON, begins: datetime | None = None, **more: str) -> int:
    id_ = drawn(people, **more)
    with tenant_scope(people.owner.id):
        row = db.session.get_one(Broadcast, id_)
        commands.start(row, row.version, begins, None, at)
    return id_


def sent(owner: Business) -> list[Message]:
    """The offers that were ever put into the outbox."""
    return [each for each in rows(owner, Message) if str(each.client_token).startswith("offer-")]


def went(owner: Business, at: datetime) -> int:
    """Let all that waits in the outbox have left, and go on; how many messages there are."""
    with tenant_scope(owner.id):
        ids = select(Message.id).where(Message.client_token.startswith("offer-"))
        away = update(Message).where(Message.id.in_(ids), Message.status == "queued")
        db.session.execute(away.values(status="delivered"))
        db.session.commit()
    send_offers.send(at)
    return len(sent(owner))
