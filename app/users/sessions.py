"""A session: one sign-in with one browser, from its first request to its end."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, true, update

from app import live
from app.audit.audit_record import record_on
from app.extensions import db
from app.housekeeping import delete_old
from app.lib.keyed_hash import hashed
from app.models import AuditAction, Tenant, User, UserSession
from app.streams import pubsub
from app.tenancy import unscoped
from app.users.session_row import open_session

# Nobody has used it for so long, or it is so old: it is over, whatever its browser holds.
IDLE = timedelta(hours=24)
ABSOLUTE = timedelta(days=14)
# How exactly it is known when one was last used: a write for every request would be dear.
SEEN_EVERY = timedelta(minutes=5)
# For so long it stays readable who was signed in.
KEPT = timedelta(days=90)

WHY = "a session's random key itself says whose it is"


@dataclass(frozen=True)
class Found:
    """Who is signed in, and until when at most."""

    id: int
    user: User
    business: Tenant | None
    """Theirs; an operator has none."""
    ends_at: datetime


def begin(user: User, browser: str, address: str | None, now: datetime) -> str:
    """Their new session; its key, for the browser alone to keep. The caller commits."""
    key = secrets.token_urlsafe(32)
    session = UserSession(
        tenant_id=user.tenant_id,
        user_id=user.id,
        key_hash=hashed(key),
        browser=browser,
        address=address,
        created_at=now,
        last_seen_at=now,
    )
    with unscoped(WHY):
        db.session.add(session)
        db.session.flush()
    return key


def find(key: str, now: datetime) -> Found | None:
    """Whose session has that key; None where it is over, or they may not sign in any more."""
    with unscoped(WHY):
        row = open_session(hashed(key), began_after=now - ABSOLUTE, seen_after=now - IDLE)
        if row is None:
            return None
        if row.last_seen_at <= now - SEEN_EVERY:
            _seen(row.id, now)
    return Found(row.id, row.user, row.business, row.created_at + ABSOLUTE)


def _seen(session_id: int, now: datetime) -> None:
    seen = update(UserSession).where(
        UserSession.id == session_id, UserSession.last_seen_at <= now - SEEN_EVERY
    )
    db.session.execute(seen.values(last_seen_at=now).execution_options(synchronize_session=False))
    db.session.commit()


def open_ones(user: User, now: datetime) -> list[UserSession]:
    """Where they are signed in, the last used first."""
    query = select(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.ended_at.is_(None),
        UserSession.created_at > now - ABSOLUTE,
        UserSession.last_seen_at > now - IDLE,
    )
    with unscoped(WHY):
        return list(db.session.scalars(query.order_by(UserSession.last_seen_at.desc())))


def end(key: str, now: datetime) -> None:
    """The caller commits."""
    _end(UserSession.key_hash == hashed(key), now)


def end_all(user: User, now: datetime) -> None:
    """Every session of theirs; the caller commits."""
    _end(UserSession.user_id == user.id, now)


def end_one(user: User, session_id: int, now: datetime) -> bool:
    """Whether an open session of theirs has that id; it has ended now, and the log says by whom.
    The caller commits."""
    return _end_told(user, UserSession.id == session_id, now)


def end_each(user: User, now: datetime) -> bool:
    """Likewise with all of theirs; whether there was one."""
    return _end_told(user, true(), now)


def _end_told(user: User, which: ColumnElement[bool], now: datetime) -> bool:
    ended = _end(and_(UserSession.user_id == user.id, which), now)
    for browser in ended:
        record_on(user, AuditAction.SESSION_ENDED, browser=browser)
    return bool(ended)


def _end(which: ColumnElement[bool], now: datetime) -> list[str]:
    """And with each its streams; in which browsers they were."""
    ended = update(UserSession).where(which, UserSession.ended_at.is_(None))
    ended = ended.values(ended_at=now).execution_options(synchronize_session=False)
    with unscoped(WHY), db.session.no_autoflush:
        rows = db.session.execute(ended.returning(UserSession.id, UserSession.browser)).all()
    for session_id, _ in rows:
        live.end_streams(pubsub.session(session_id))
    return [browser for _, browser in rows]


def forget(now: datetime) -> None:
    """Delete what has been over for long."""
    delete_old(UserSession, UserSession.created_at < now - ABSOLUTE - KEPT)
