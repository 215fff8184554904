"""Messages by the words of their text, and by who wrote them, when and how."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, and_, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Direction, Message, User
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
    query = func.messages_found(
        CURRENT_TENANT,
        literal(wanted.clauses, JSONB),
        literal(wanted.since, DateTime(timezone=True)),
        literal(min(until, wanted.until), DateTime(timezone=True)),
        literal(id_, BigInteger),
        literal(wanted.label and wanted.label.id, Integer),
        literal(PAGE + 1, Integer),
        literal(MOST, Integer),
    )
    return list(db.session.scalars(select(query)))


def _looked_at(wanted: WantedSearch, ids: list[int]) -> Sequence[Any]:
    """Of each its id, created_at, channel and whether it fits, the newest first. What was taken
    back before it went out was never said."""
    said = func.folded(func.concat_ws(" ", Message.subject, Message.body))
    has_phrases = (func.strpos(said, func.folded(phrase)) > 0 for phrase in wanted.phrases)
    fits = and_(Message.status != MessageStatus.CANCELLED, *has_phrases)
    newest = (Message.created_at.desc(), Message.id.desc())
    query = select(Message.id, Message.created_at, Message.channel, fits.label("fits"))
    return db.session.execute(query.where(Message.id.in_(ids)).order_by(*newest)).all()


def _messages(ids: list[int]) -> list[FoundMessage]:
    text = func.left(func.concat_ws("\n", Message.subject, Message.body), LONGEST)
    query = (
        select(
            Message.id,
            Message.customer_id,
            Message.channel,
            Message.direction,
            Message.created_at,
            text,
            func.nullif(User.name, ""),
        )
        .outerjoin(Message.author)
        .where(Message.id.in_(ids))
        .order_by(Message.created_at.desc(), Message.id.desc())
    )
    return [FoundMessage(*row) for row in db.session.execute(query)]
