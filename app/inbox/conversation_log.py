"""What was done with conversations, for their timelines."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.inbox.by import By
from app.models import ConversationEvent, User
from app.models import ConversationEventKind as Kind


def write(
    kind: Kind,
    customer_id: int,
    by: By,
    at: datetime,
    about: str | None = None,
    until: datetime | None = None,
) -> None:
    """One line, in the caller's transaction. About: the name of whom or what it is about."""
    line = ConversationEvent(
        customer_id=customer_id, at=at, kind=kind, about=about, until=until, **by.columns()
    )
    db.session.add(line)


def name_of(user_id: int | None) -> str | None:
    """As the timeline names the user of the business, whatever becomes of them."""
    user = db.session.scalar(select(User).where(User.id == user_id)) if user_id else None
    return str(user) if user else None


def woke(found: Iterable[tuple[int, int]], at: datetime) -> None:
    """Of (tenant, customer): the snooze is over. Only for whoever looks across tenants."""
    db.session.add_all(
        ConversationEvent(tenant_id=tenant_id, customer_id=customer_id, at=at, kind=Kind.WOKE)
        for tenant_id, customer_id in found
    )
