"""Whose session a key is: what each request begins with, by one statement that is made once.

The user and the business are rows of the database session, as if it had loaded them: what pages
change in them is written.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Text, select

from app.extensions import db
from app.models import Tenant, User, UserSession
from app.prepared import Prepared, given
from app.rows.whole_rows import WholeRow, shared_out

INSTANT = DateTime(timezone=True)
_USER, _BUSINESS = WholeRow(User), WholeRow(Tenant)


class SessionRow(NamedTuple):
    id: int
    created_at: datetime
    last_seen_at: datetime
    user: User
    business: Tenant | None


def open_session(key_hash: str, began_after: datetime, seen_after: datetime) -> SessionRow | None:
    """The session, if it is open and its user may sign in; asked across tenants."""
    return _OPEN.one_or_none(key_hash=key_hash, began_after=began_after, seen_after=seen_after)


def _row(id_: int, created_at: datetime, last_seen_at: datetime, *who: Any) -> SessionRow:
    session, (user, business) = db.session(), shared_out(who, _USER, _BUSINESS)
    signed_in: Any = _USER.row(session, user)
    return SessionRow(id_, created_at, last_seen_at, signed_in, _BUSINESS.row(session, business))


_OPEN = Prepared(
    _row,
    select(
        UserSession.id,
        UserSession.created_at,
        UserSession.last_seen_at,
        *_USER.columns,
        *_BUSINESS.columns,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Tenant, Tenant.id == User.tenant_id)
    .where(
        UserSession.key_hash == given("key_hash", Text()),
        UserSession.ended_at.is_(None),
        UserSession.created_at > given("began_after", INSTANT),
        UserSession.last_seen_at > given("seen_after", INSTANT),
        User.active,
    ),
    across=True,
)
