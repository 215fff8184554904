"""What became of messages afterwards, where their carrier tells it: what their customer put to
them, and how they read at first."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select

from app.channels import CHANNELS
from app.extensions import db
from app.inbox.reading.message_rows import MessageRow
from app.models import Message, MessageReaction, MessageRevision
from app.tenancy import unscoped

KINDS = (MessageReaction, MessageRevision)
# A message that is told of before it comes has come by then.
KEPT = timedelta(days=7)


class Marks(NamedTuple):
    reactions: tuple[str, ...] = ()
    at_first: str = ""
    """Its first text, where it was changed since."""


def marks(messages: Iterable[MessageRow]) -> dict[int, Marks]:
    """By the ids of those that have any."""
    ids = [each.id for each in messages if CHANNELS[each.channel].is_scoped]
    if not ids:
        return {}
    felt: dict[int, tuple[str, ...]] = {}
    for id_, emoji in db.session.execute(_REACTIONS.where(Message.id.in_(ids))):
        felt[id_] = (*felt.get(id_, ()), emoji)
    first = dict(db.session.execute(_FIRST.where(Message.id.in_(ids))).all())
    return {id_: Marks(felt.get(id_, ()), first.get(id_, "")) for id_ in felt.keys() | first.keys()}


_REACTIONS = (
    select(Message.id, MessageReaction.emoji)
    .join(MessageReaction, MessageReaction.sid == Message.provider_sid)
    .where(MessageReaction.emoji != "")
    .order_by(MessageReaction.id)
)
_FIRST = (
    select(Message.id, MessageRevision.body)
    .join(MessageRevision, MessageRevision.sid == Message.provider_sid)
    .where(MessageRevision.number == 0)
)


def forget_of(customer_id: int) -> None:
    """Take away what is marked at a customer's messages, in the transaction that deletes them."""
    sids = select(Message.provider_sid).where(
        Message.customer_id == customer_id, Message.provider_sid.is_not(None)
    )
    for kind in KINDS:
        gone = delete(kind).where(kind.sid.in_(sids))
        db.session.execute(gone.execution_options(synchronize_session=False))


def forget(now: datetime) -> None:
    """What is marked at messages that are not there any more, or never came, is gone, committed."""
    with unscoped("marks of all tenants' messages grow old"):
        for kind in KINDS:
            there = exists().where(
                Message.tenant_id == kind.tenant_id, Message.provider_sid == kind.sid
            )
            gone = delete(kind).where(kind.at < now - KEPT, ~there)
            db.session.execute(gone.execution_options(synchronize_session=False))
            db.session.commit()
