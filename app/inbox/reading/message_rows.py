"""The messages of a thread as plain rows: all that it shows of each, by one statement.

Which they are is asked first, and within the statement; what belongs to each is found by its key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.lib.file_names import whole
from app.lib.message_status import MessageStatus
from app.lib.safe_media import is_picture, is_sound
from app.lib.text.cleaning import shows
from app.models import Direction, Media, Message, ReceivedEmail, Reply, SelfTest, User
from app.prepared import Prepared, Question, given

# Beyond every id.
LAST = 2**63 - 1


class MediaRow(NamedTuple):
    id: int
    content_type: str
    name: str
    content_id: str
    state: str
    error: str | None

    @property
    def is_picture(self) -> bool:
        return is_picture(self.content_type)

    @property
    def is_sound(self) -> bool:
        return is_sound(self.content_type)

    @property
    def file_name(self) -> str:
        return whole(self.name, self.content_type, self.id)


class ReplyRow(NamedTuple):
    """What came of it as an answer to a reminder."""

    answer: str
    outcome: str
    starts_at: datetime | None


class EmailRow(NamedTuple):
    """What else there is of an email that came in."""

    id: int
    whole: str
    has_html: bool
    remote_pictures: bool
    invitation: dict[str, Any] | None
    personal: bool
    answerable: bool


class MessageRow(NamedTuple):
    """As the columns of Message, with what belongs to it."""

    id: int
    customer_id: int
    channel: str
    direction: str
    status: MessageStatus
    body: str
    subject: str | None
    sender: str
    created_at: datetime
    error_code: int | None
    error: str | None
    recovered: bool
    author_id: int | None
    client_token: str | None
    again_of_id: int | None
    content_sid: str | None
    fell_back_from: str | None
    author: str | None
    self_test: bool
    media: Sequence[MediaRow]
    reply: ReplyRow | None
    received_email: EmailRow | None

    @property
    def silent(self) -> bool:
        return not shows(self.body)

    @property
    def inbound(self) -> bool:
        return self.direction == Direction.INBOUND


def rows(customer_id: int, most: int, before: int = LAST, since: int = 0) -> list[MessageRow]:
    """The customer's latest messages from the id `since` on, before the id `before`; the latest
    first."""
    return asked_rows(customer_id, most, before, since).answer


def asked_rows(
    customer_id: int, most: int, before: int = LAST, since: int = 0
) -> Question[list[MessageRow]]:
    return _ROWS.question(list, customer_id=customer_id, most=most, before=before, since=since)


OWN = MessageRow._fields[:17]


def _row(*columns: Any) -> MessageRow:
    own, (author, tested, media) = columns[:17], columns[17:20]
    reply, email = columns[20:23], columns[23:]
    beside = (
        tuple(MediaRow(*each) for each in media or ()),
        ReplyRow(*reply) if reply[0] else None,
        EmailRow(*email) if email[0] else None,
    )
    return MessageRow._make((*own[:4], MessageStatus(own[4]), *own[5:], author, tested, *beside))


def _media() -> ScalarSelect[Any]:
    told = func.json_build_array(*(getattr(Media, name) for name in MediaRow._fields))
    files = select(func.json_agg(aggregate_order_by(told, Media.position)))
    return files.where(Media.message_id == Message.id).correlate(Message).scalar_subquery()


_WHICH = (
    select(Message.id.label("id"))
    .where(
        Message.customer_id == given("customer_id", Integer()),
        # What was taken back was never said.
        Message.status != MessageStatus.CANCELLED,
        Message.id < given("before", BigInteger()),
        Message.id >= given("since", BigInteger()),
    )
    .order_by(Message.id.desc())
    .limit(given("most", Integer()))
    .subquery()
)
_ROWS = Prepared(
    _row,
    select(
        *(getattr(Message, name) for name in OWN),
        func.coalesce(func.nullif(User.name, ""), User.email),
        SelfTest.id.is_not(None),
        _media(),
        *(getattr(Reply, name) for name in ReplyRow._fields),
        *(getattr(ReceivedEmail, name) for name in EmailRow._fields),
    )
    .join(_WHICH, _WHICH.c.id == Message.id)
    .outerjoin(User, User.id == Message.author_id)
    .outerjoin(SelfTest, SelfTest.message_id == Message.id)
    .outerjoin(Reply, Reply.message_id == Message.id)
    .outerjoin(ReceivedEmail, ReceivedEmail.message_id == Message.id)
    .order_by(Message.id.desc()),
)
