"""The list of conversations, newest first, by keyset pagination."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.inbox import failures, labelling
from app.inbox.customer_search import among
from app.inbox.list_views import View, which
from app.lib.text.cleaning import sought_words
from app.models import Conversation, Customer

PAGE = 30


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to."""

    view: View = View.ALL
    mine: int | None = None
    """Whose the view MINE is: a user's id; an operator is none."""
    label: int | None = None
    text: str = ""
    channel: str = ""
    unread: bool = False
    waiting: bool = False
    """Who waits for a person: by an answer to a reminder, as a message did not arrive, or as they
    may want no more messages."""
    failed: bool = False
    """To whom a message did not arrive."""


@dataclass(frozen=True)
class Cursor:
    """The last row of a page; the next page begins after it."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that is no cursor of ours."""
        at, _, id_ = text.partition("_")
        try:
            return cls(datetime.fromisoformat(at).astimezone(), int(id_[:10]))
        except (ValueError, OverflowError):
            return None


def page(
    wanted: Filter, after: Cursor | None = None, *, now: datetime
) -> tuple[list[Conversation], Cursor | None]:
    """One page of conversations with their customers, and the cursor of the next if there is."""
    query = (
        select(Conversation)
        .join(Conversation.customer)
        .options(
            contains_eager(Conversation.customer).selectinload(Customer.contact_points),
            joinedload(Conversation.open_reply),
            joinedload(Conversation.last_call),
            joinedload(Conversation.assignee),
        )
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(PAGE + 1)
    )
    rows = list(
        db.session.scalars(
            _narrowed(query.where(*which(wanted.view, wanted.mine, now)), wanted, after)
        )
    )
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return rows[:PAGE], Cursor(last.last_message_at, last.id) if last else None


def _narrowed(
    query: Select[Conversation], wanted: Filter, after: Cursor | None
) -> Select[Conversation]:
    if wanted.channel:
        query = query.where(Conversation.last_channel == wanted.channel)
    if wanted.unread:
        query = query.where(Conversation.unread_count > 0)
    if wanted.waiting:
        waits = or_(
            Conversation.open_reply_id.is_not(None), Conversation.stop_asked_id.is_not(None)
        )
        asking = select(Conversation.customer_id).where(waits)
        query = query.where(Conversation.customer_id.in_(asking.union(failures.of_whom())))
    if wanted.failed:
        query = query.where(Conversation.customer_id.in_(failures.of_whom()))
    if wanted.label:
        query = query.where(labelling.having(Conversation.customer_id, wanted.label))
    if words := sought_words(wanted.text):
        query = query.where(among(Conversation.customer_id, words))
    if after:
        position = tuple_(Conversation.last_message_at, Conversation.id)
        query = query.where(position < (after.at, after.id))
    return query
