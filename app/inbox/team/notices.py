"""What those who work here are told in the product itself: somebody names them, gives them a
conversation, or a rule asks for a look. Rows of the transaction that makes it so."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.housekeeping import delete_old
from app.inbox.conversation_log import By
from app.models import Customer, NoticeKind, User, UserNotice
from app.prepared import Prepared, Question, given
from app.tenancy import current_tenant_id

# So long somebody who is there has time to read it, before an email tells them.
PATIENCE = timedelta(minutes=5)
KEPT = timedelta(days=90)
# Beyond so many nobody counts, and nobody reads.
MOST = 99
LISTED = 50


def mention(users: Iterable[User], note_id: int, customer_id: int, by: By, at: datetime) -> None:
    """They are named in the note; whoever wrote it knows."""
    others = [user.id for user in users if user.id != by.user_id]
    later = at + PATIENCE
    _tell(others, NoticeKind.MENTION, customer_id, by, at, note_id=note_id, email_at=later)


def assigned(user_id: int | None, customer_id: int, by: By, at: datetime) -> None:
    """The conversation is theirs from now on, unless they took it themselves."""
    if user_id is not None and user_id != by.user_id:
        _tell([user_id], NoticeKind.ASSIGNED, customer_id, by, at)


def asked(customer_id: int, by: By, at: datetime) -> None:
    """Everybody who may sign in is asked to look."""
    team = db.session.scalars(select(User.id).where(User.active)).all()
    _tell(team, NoticeKind.ASKED, customer_id, by, at)


def promised(user_id: int, customer_id: int, at: datetime) -> None:
    """What was promised to the customer is due."""
    _tell([user_id], NoticeKind.PROMISED, customer_id, By(), at)


def _tell(
    recipients: Sequence[int],
    kind: NoticeKind,
    customer_id: int,
    by: By,
    at: datetime,
    note_id: int | None = None,
    email_at: datetime | None = None,
) -> None:
    """What is told again before it was read takes the place of what was."""
    if not recipients:
        return
    same = {"kind": kind, "customer_id": customer_id, "at": at, **by.columns()}
    same |= {"tenant_id": current_tenant_id(), "note_id": note_id, "email_at": email_at}
    rows = insert(UserNotice).values([{"recipient_id": each, **same} for each in recipients])
    unread = and_(UserNotice.read_at.is_(None), UserNotice.note_id.is_(None))
    anew = {name: rows.excluded[name] for name in ("at", *by.columns())}
    key = ["tenant_id", "recipient_id", "customer_id", "kind"]
    db.session.execute(
        rows.on_conflict_do_update(index_elements=key, index_where=unread, set_=anew)
    )


def unread(user_id: int | None) -> Question[int]:
    """How many they have not read; MOST + 1 where there are more. An operator (None) has none."""
    return _unread_ids().question(len, user_id=user_id)


@cache
def _unread_ids() -> Prepared[int]:
    theirs: Any = given("user_id", Integer())
    return Prepared(int, select(UserNotice.id).where(_unread(theirs)).limit(MOST + 1))


def latest(user_id: int) -> Sequence[UserNotice]:
    """The last LISTED of theirs, the newest first, with what they are about."""
    query = (
        select(UserNotice)
        .where(UserNotice.recipient_id == user_id)
        .options(joinedload(UserNotice.user), joinedload(UserNotice.note))
        .options(joinedload(UserNotice.customer).selectinload(Customer.contact_points))
        .order_by(UserNotice.at.desc(), UserNotice.id.desc())
        .limit(LISTED)
    )
    return db.session.scalars(query).all()


def read(user_id: int, at: datetime, customer_id: int | None = None) -> bool:
    """They have read all, or all about the customer; whether there was any. Commits."""
    about = [] if customer_id is None else [UserNotice.customer_id == customer_id]
    seen = (
        update(UserNotice)
        .where(_unread(user_id), *about)
        .values(read_at=at, email_at=None)
        .returning(UserNotice.id)
        .execution_options(synchronize_session=False)
    )
    any_ = bool(db.session.scalars(seen).all())
    db.session.commit()
    return any_


def _unread(user_id: int) -> ColumnElement[bool]:
    return and_(UserNotice.recipient_id == user_id, UserNotice.read_at.is_(None))


def forget(now: datetime) -> None:
    """Delete those older than KEPT, of all tenants; some at a time, each time committed."""
    delete_old(UserNotice, UserNotice.at < now - KEPT)
