"""Who does something with a conversation, and what was done, for its timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import ConversationEvent, User
from app.models import ConversationEventKind as Kind


@dataclass(frozen=True)
class By:
    """A user, or a rule by its id and the name that it has now; with neither it comes about by
    itself, or an operator does it, who is no user of the business."""

    user_id: int | None = None
    rule_id: int | None = None
    rule_name: str | None = None

    def columns(self) -> dict[str, Any]:
        return dict(vars(self))


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
