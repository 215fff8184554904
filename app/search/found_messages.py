"""Messages by the words of their text, and by who wrote them, when and how."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    any_,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Direction, Message, User
from app.prepared import Prepared, given
from app.search.wanted_search import WantedSearch
from app.tenancy import CURRENT_TENANT

PAGE = 30
# As many are looked at and counted; of what is common at least a page.
MOST = 500
# So many messages after a found one are shown with it.
FOLLOWING = 20
# Of a longer text what is behind it is not shown.
LONGEST = 20_000


@dataclass(frozen=True)
class FoundMessage:
    id: int
    customer_id: int
    channel: str
    direction: str
    at: datetime
    text: str
    """With the subject of an email before it."""
    author: str | None
    """Who of the team wrote it."""

    @property
    def inbound(self) -> bool:
        return self.direction == Direction.INBOUND


@dataclass(frozen=True)
class Cursor:
    """The last message of a page; the next begins before it."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that is no cursor of ours."""
        at, _, id_ = text.partition("_")
        try:
            return cls(datetime.fromisoformat(at).astimezone(), int(id_[:18]))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Found:
    messages: list[FoundMessage]
    """Newest first."""
    following: Cursor | None
    by_channel: dict[str, int]
    """How many were found on each channel."""
    more: bool
    """Whether there may be more than these."""

    @property
    def count(self) -> int:
        return sum(self.by_channel.values())


def page(wanted: WantedSearch, before: Cursor | None = None) -> Found:
    """A page of the messages that fit; none where nothing is said of the messages themselves."""
    ids = _ids(wanted, before) if wanted.of_messages else []
    more = ids[-1:] == [None]
    looked_at = _looked_at(wanted, [id_ for id_ in ids if id_ is not None])
    fit = [row for row in looked_at if row.fits]
    shown = fit[:PAGE]
    last = shown[-1] if len(fit) > PAGE else looked_at[-1] if more else None
    return Found(
        _messages([row.id for row in shown]),
        Cursor(last.created_at, last.id) if last else None,
        dict(Counter(row.channel for row in fit)),
        more,
    )


def page_of(customer_id: int, message_id: int) -> int | None:
    """The id before which a page of their thread has the message, and some that followed it; None:
    the newest page has it."""
    later = select(Message.id).where(Message.customer_id == customer_id, Message.id > message_id)
    return db.session.scalar(later.order_by(Message.id).offset(FOLLOWING).limit(1))


def _ids(wanted: WantedSearch, before: Cursor | None) -> list[int | None]:
    """Newest first; None at the end: there may be more."""
    until, id_ = (before.at, before.id) if before else (wanted.until, 0)
    return _FOUND.all(
        clauses=json.dumps(wanted.clauses),
        since=wanted.since,
        until=min(until, wanted.until),
        before=id_,
        label=wanted.label and wanted.label.id,
        page=PAGE + 1,
        most=MOST,
    )


class _Look(NamedTuple):
    id: int
    created_at: datetime
    channel: str
    fits: bool


def _looked_at(wanted: WantedSearch, ids: list[int]) -> list[_Look]:
    """The newest first. What was taken back before it went out was never said."""
    return _LOOKED_AT.all(ids=ids, phrases=list(wanted.phrases)) if ids else []


def _messages(ids: list[int]) -> list[FoundMessage]:
    return _MESSAGES.all(ids=ids) if ids else []


def _lacks_a_phrase() -> ColumnElement[bool]:
    said = func.folded(func.concat_ws(" ", Message.subject, Message.body))
    phrase = func.unnest(given("phrases", ARRAY(Text))).column_valued("phrase")
    lacks = select(phrase).where(func.strpos(said, func.folded(phrase)) == 0)
    return lacks.correlate(Message).exists()


_INSTANT = DateTime(timezone=True)
_IDS = Message.id == any_(given("ids", ARRAY(BigInteger)))
_NEWEST_FIRST = Message.created_at.desc(), Message.id.desc()
_FOUND = Prepared(
    lambda id_: id_,
    select(
        func.messages_found(
            CURRENT_TENANT,
            given("clauses", JSONB()),
            given("since", _INSTANT),
            given("until", _INSTANT),
            given("before", BigInteger()),
            given("label", Integer()),
            given("page", Integer()),
            given("most", Integer()),
        )
    ),
)
_LOOKED_AT = Prepared(
    _Look,
    select(
        Message.id,
        Message.created_at,
        Message.channel,
        (Message.status != MessageStatus.CANCELLED) & ~_lacks_a_phrase(),
    )
    .where(_IDS)
    .order_by(*_NEWEST_FIRST),
)
_MESSAGES = Prepared(
    FoundMessage,
    select(
        Message.id,
        Message.customer_id,
        Message.channel,
        Message.direction,
        Message.created_at,
        func.left(func.concat_ws("\n", Message.subject, Message.body), LONGEST),
        func.nullif(User.name, ""),
    )
    .outerjoin(User, User.id == Message.author_id)
    .where(_IDS)
    .order_by(*_NEWEST_FIRST),
)
