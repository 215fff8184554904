"""The work of all businesses that stands aside, for the operator's list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.channels import CHANNELS
from app.extensions import db
from app.models import DeadLetter, Media, Message, Tenant
from app.tenancy import unscoped

PAGE = 50
# Beyond it a number says no more than "very many".
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Aside:
    """One line of the list."""

    key: str
    what: str
    business: str
    since: datetime | None
    attempts: int | None
    reason: str
    id: int = 0
    """Where the next page begins."""


def listed(before: int | None = None) -> list[Aside]:
    """A page of what stands aside, the newest first; with before, what is older than that row."""
    older = [DeadLetter.id < before] if before else []
    with unscoped("the operator sees what stands aside of all businesses"):
        return [_aside(row) for row in db.session.execute(_page(older))]


def _page(older: list[ColumnElement[bool]]) -> Select[DeadLetter, str, str, int]:
    of_message = (Message.tenant_id == DeadLetter.tenant_id) & (Message.id == DeadLetter.message_id)
    of_media = (Media.tenant_id == DeadLetter.tenant_id) & (Media.id == DeadLetter.media_id)
    return (
        select(DeadLetter, Tenant.name, Message.channel, Media.message_id)
        .join(Tenant, Tenant.id == DeadLetter.tenant_id)
        .outerjoin(Message, of_message)
        .outerjoin(Media, of_media)
        .where(DeadLetter.state == "parked", *older)
        .order_by(DeadLetter.id.desc())
        .limit(PAGE)
    )


def _aside(row: Row[DeadLetter, str, str, int]) -> Aside:
    parked, business, channel, of_message = row
    key = f"row-{parked.id}"
    what = _what(parked, channel, of_message)
    return Aside(key, what, business, parked.since, parked.attempts, parked.reason, parked.id)


def _what(parked: DeadLetter, channel: str | None, of_message: int | None) -> str:
    if parked.message_id:
        label = CHANNELS[channel].label if channel in CHANNELS else channel
        return f"Message {parked.message_id} ({label})"
    if parked.media_id:
        return f"Attachment {parked.media_id} of message {of_message}"
    return f"Customer's message {parked.sid}"


def count() -> int:
    """How much stands aside, counted up to MOST_COUNTED."""
    some = select(DeadLetter.id).where(DeadLetter.state == "parked").limit(MOST_COUNTED).subquery()
    with unscoped("the operator sees what stands aside of all businesses"):
        return db.session.scalar(select(func.count()).select_from(some)) or 0
