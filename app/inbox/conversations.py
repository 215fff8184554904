"""The list of conversations, newest first, by keyset pagination."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Select, asc, desc, select, tuple_

from app.extensions import db
from app.inbox import labelling
from app.inbox.conversation_rows import ConversationRow, latest, rows
from app.inbox.customer_search import among
from app.inbox.list_views import View, which
from app.lib.text.cleaning import sought_words
from app.models import Conversation
from app.prepared import Prepared, Question, given

PAGE = 30
# Statements that are kept.
MOST = 500
Some = Select[*tuple[Any, ...]]
ORDER = (Conversation.last_message_at, Conversation.id)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to."""

    view: View = View.ALL
    mine: int | None = None
    """Who reads it, whose the view MINE is: a user's id; an operator is none."""
    label: int | None = None
    text: str = ""
    channel: str = ""
    assignee: int | None = None
    unread: bool = False

    @property
    def narrow(self) -> bool:
        """Whether it is more than a view."""
        return self != Filter(self.view, self.mine)


@dataclass(frozen=True)
class Cursor:
    """A row at the edge of a page; the next page begins after it, or (newer) ends before it."""

    at: datetime
    id: int
    newer: bool = False

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str, newer: bool = False) -> "Cursor | None":
        """None for anything that is no cursor of ours."""
        at, _, id_ = text.partition("_")
        try:
            return cls(datetime.fromisoformat(at).astimezone(), int(id_[:10]), newer)
        except (ValueError, OverflowError):
            return None


class Page(NamedTuple):
    rows: list[ConversationRow]
    older: Cursor | None
    """Of the next page, if there is one."""
    newer: Cursor | None
    """Of the page before, if there may be one."""


def asked_page(wanted: Filter, place: Cursor | None = None, *, now: datetime) -> Question[Page]:
    """One page of conversations with their customers, the latest or those beside a cursor, to be
    asked together with other things. Which of them stand beside a cursor, or are found by a text,
    is asked at once."""
    if not (place or wanted.text):
        latest_ = _latest(wanted).question(list, now=now, reader=wanted.mine)
        return latest_.then(lambda found: _page(found[:PAGE], len(found) > PAGE))
    ids = list(db.session.scalars(_ids(wanted, place, now)))
    backwards = place is not None and place.newer
    shown = rows(ids[:PAGE][:: -1 if backwards else 1], wanted.mine)
    return shown.then(lambda found: _page(found, len(ids) > PAGE, place))


def _page(shown: list[ConversationRow], more: bool, place: Cursor | None = None) -> Page:
    return Page(shown, *_edges(shown, more, place))


@lru_cache(MOST)
def _latest(wanted: Filter) -> Prepared[ConversationRow]:
    """The page that staff look at all day; of the tenant in scope when it is asked for."""
    return latest(_ids(wanted, None, given("now", DateTime(timezone=True))))


def _ids(wanted: Filter, place: Cursor | None, now: Any) -> Some:
    direction = asc if place and place.newer else desc
    query: Some = select(Conversation.id).order_by(*map(direction, ORDER)).limit(PAGE + 1)
    conditions = which(wanted.view, wanted.mine, now)
    return _beside(_narrowed(query.where(*conditions), wanted), place)


def _edges(
    rows: list[ConversationRow], more: bool, place: Cursor | None
) -> tuple[Cursor | None, Cursor | None]:
    """The cursors of the pages after and before, where there may be any."""
    if not rows:
        return None, None
    backwards = place is not None and place.newer
    first, last = rows[0], rows[-1]
    older = Cursor(last.last_message_at, last.id) if more or backwards else None
    there_is_newer = more if backwards else place is not None
    newer = Cursor(first.last_message_at, first.id, newer=True) if there_is_newer else None
    return older, newer


def _beside(query: Some, place: Cursor | None) -> Some:
    if place is None:
        return query
    order, edge = tuple_(*ORDER), (place.at, place.id)
    return query.where(order > edge if place.newer else order < edge)


def _narrowed(query: Some, wanted: Filter) -> Some:
    if wanted.channel:
        query = query.where(Conversation.last_channel == wanted.channel)
    if wanted.unread:
        query = query.where(Conversation.unread_count > 0)
    if wanted.assignee is not None:
        query = query.where(Conversation.assignee_id == wanted.assignee)
    if wanted.label is not None:
        query = query.where(labelling.having(Conversation.customer_id, wanted.label))
    if words := sought_words(wanted.text):
        query = query.where(among(Conversation.customer_id, words))
    return query
