"""What a user has begun to write to a customer and not sent, kept on the server: a draft."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from app.extensions import db
from app.lib.text.cleaning import clean, shows
from app.models import Draft, DraftFile, Media, Message, User
from app.outbox.compose import posted_before
from app.outbox.refused import SentAlready
from app.prepared import Prepared, Question, first, given
from app.tenancy import current_tenant_id

ELSEWHERE = (
    "This was sent, or removed, in another window meanwhile. Look at the conversation; to send what"
    " stands here all the same, press Send again."
)
# More than any channel takes.
LONGEST, LONGEST_SUBJECT = 100_000, 200


@dataclass(frozen=True)
class InDraft:
    """That a message is sent from a user's draft (an operator's, None, is not kept), with these of
    the files that were uploaded for it."""

    user_id: int | None
    file_ids: Collection[int] = ()
    is_kept: bool = False
    """Whether its text is taken for what is kept here: once that was sent, it is not sent again
    from another window."""


@dataclass(frozen=True)
class Begun:
    """What stands in a composer."""

    body: str = ""
    subject: str = ""
    channel: str = ""
    """Empty: none was chosen."""

    @property
    def is_empty(self) -> bool:
        return not (shows(self.body) or shows(self.subject))

    def columns(self) -> dict[str, str]:
        """The values that a draft's row has of it."""
        return {
            "body": clean(self.body)[:LONGEST],
            "subject": clean(self.subject)[:LONGEST_SUBJECT],
            "channel": clean(self.channel)[:20],
        }


_BEGUN = Prepared(
    Begun,
    select(Draft.body, Draft.subject, Draft.channel).where(
        Draft.user_id == given("user_id", Integer),
        Draft.customer_id == given("customer_id", Integer),
    ),
)


def begun(user_id: int | None, customer_id: int) -> Begun:
    """The user's draft to the customer; an operator (None) has none."""
    return asked_begun(user_id, customer_id).answer


def asked_begun(user_id: int | None, customer_id: int) -> Question[Begun]:
    return _BEGUN.question(
        lambda rows: first(rows) or Begun(), user_id=user_id, customer_id=customer_id
    )


def keep(
    user_id: int, customer_id: int, what: Begun, now: datetime, client_token: str | None = None
) -> bool:
    """Put it in the place of the user's draft; an empty one is none. Commits; whether there is one.

    Of a client_token by which it has been sent already nothing is kept: a save that comes late
    brings no text back, and takes none away.
    """
    _one_by_one(user_id)
    if _sent(client_token):
        pass
    elif what.is_empty:
        _forget(user_id, customer_id)
    else:
        put(user_id, customer_id, what, now)
    db.session.commit()
    return not begun(user_id, customer_id).is_empty


def _one_by_one(user_id: int) -> None:
    """What a user saves and sends at the same moment is done one after the other: each sees what
    came of those before."""
    held = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    db.session.execute(held)


def put(user_id: int, customer_id: int, what: Begun, now: datetime) -> None:
    """The same, in the caller's transaction."""
    said = what.columns() | {"updated_at": now}
    row = insert(Draft).values(
        tenant_id=current_tenant_id(), user_id=user_id, customer_id=customer_id, **said
    )
    index = ["tenant_id", "user_id", "customer_id"]
    db.session.execute(row.on_conflict_do_update(index_elements=index, set_=said))


def put_back(message: Message, user_id: int | None, now: datetime) -> Begun:
    """What a message that was taken back said, before what the user has begun to write since, and
    its files: their draft again. Part of the caller's transaction."""
    channel = message.fell_back_from or message.channel
    said = Begun(message.body, message.subject or "", channel)
    again = put_before(user_id, message.customer_id, said, now)
    for file in db.session.scalars(_files(message)).all():
        db.session.add(_in_draft(file, message.customer_id, user_id, now))
        db.session.delete(file)
    return again


def put_before(user_id: int | None, customer_id: int, said: Begun, now: datetime) -> Begun:
    """The same of a text alone."""
    since = begun(user_id, customer_id)
    body = "\n\n".join(each for each in (said.body, since.body) if each)
    again = Begun(body, said.subject or since.subject, said.channel)
    if user_id is not None:
        put(user_id, customer_id, again, now)
    return again


def _files(message: Message) -> Select[Media]:
    query = select(Media).where(Media.message_id == message.id, Media.content.is_not(None))
    return query.order_by(Media.position).options(undefer(Media.content))


def _in_draft(file: Media, customer_id: int, user_id: int | None, now: datetime) -> DraftFile:
    content = file.content or b""
    return DraftFile(
        customer_id=customer_id,
        user_id=user_id,
        name=file.file_name,
        content_type=file.content_type,
        size=len(content),
        created_at=now,
        content=content,
    )


def sent(draft: InDraft, customer_id: int, files: Collection[DraftFile]) -> None:
    """The draft is a message now, with these of its files. Part of the caller's transaction; raises
    SentAlready, and rolls it back, where a kept one was sent or removed elsewhere."""
    if draft.user_id is not None:
        _one_by_one(draft.user_id)
        if not _forget(draft.user_id, customer_id) and draft.is_kept:
            db.session.rollback()
            raise SentAlready(ELSEWHERE)
    for file in files:
        db.session.delete(file)


def _forget(user_id: int, customer_id: int) -> bool:
    """Whether there was one."""
    gone = delete(Draft).where(*_of(user_id, customer_id)).returning(Draft.id)
    unseen = gone.execution_options(synchronize_session=False)
    return db.session.scalar(unseen) is not None


def _of(user_id: int | None, customer_id: int) -> tuple[ColumnElement[bool], ...]:
    return Draft.user_id == user_id, Draft.customer_id == customer_id


def _sent(client_token: str | None) -> bool:
    made = posted_before.message(client_token) or posted_before.scheduled(client_token)
    return made is not None
