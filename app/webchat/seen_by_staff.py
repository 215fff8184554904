"""What staff see of a visitor beside what they write: where they are, and whether still there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import presence
from app.extensions import db
from app.models import ChatSession, Customer
from app.presence import VISITOR
from app.webchat.visitor_message import CHANNEL


@dataclass(frozen=True)
class Visit:
    """The browser in which a customer chatted last."""

    session: ChatSession
    here: bool
    """Whether the panel is open there just now."""


def visit(customer: Customer, now: datetime) -> Visit | None:
    """None: they never chatted, or so long ago that nothing of it is kept."""
    addresses = [each.address for each in customer.contact_points if each.channel == CHANNEL.key]
    if not addresses:
        return None
    query = select(ChatSession).where(ChatSession.address.in_(addresses))
    session = db.session.scalar(query.order_by(ChatSession.last_seen_at.desc()).limit(1))
    if session is None:
        return None
    there = presence.others(customer.tenant_id, customer.id, presence.OPERATOR, now)
    return Visit(session, any(each.user_id == VISITOR for each in there))
