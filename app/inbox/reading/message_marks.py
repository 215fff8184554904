"""What became of messages afterwards, where their carrier tells it: what their customer put to
them, and how they read at first."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.inbox.reading.message_rows import MessageRow
from app.models import Message, MessageReaction, MessageRevision


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
