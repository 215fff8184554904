"""The browsers that want to be told, each as long as its session lasts."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.inbox.team import staff_rights
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import web_address
from app.models import PushSubscription, Tenant, User, UserSession
from app.tenancy import current_tenant_id, unscoped
from app.users.sessions import ABSOLUTE, IDLE

WHY = "a browser has one address, whoever is signed in with it"
# Of one person; of more the oldest goes.
MOST = 10
# RFC 8291: a point of P-256, and 16 random bytes.
POINT, SECRET = 65, 16


class BadSubscription(ValueError):
    """No browser gives such a one."""


@dataclass(frozen=True)
class Given:
    """What a browser says of itself (PushSubscription.toJSON)."""

    endpoint: str
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def subscribe(given: Given, user_id: int, session_id: int, now: datetime) -> None:
    """Tell this browser from now on, as the user's in their session; before it may have been
    another's. Raises BadSubscription. Commits."""
    _check(given)
    whose = {"tenant_id": current_tenant_id(), "user_id": user_id, "session_id": session_id}
    values = whose | vars(given) | {"created_at": now}
    row = insert(PushSubscription).values(values)
    latest = (
        select(PushSubscription.id)
        .where(PushSubscription.user_id == user_id)
        .order_by(PushSubscription.created_at.desc(), PushSubscription.id.desc())
    )
    older = PushSubscription.id.in_(latest.offset(MOST).scalar_subquery())
    with unscoped(WHY):
        db.session.execute(row.on_conflict_do_update(index_elements=["endpoint"], set_=values))
        db.session.execute(_unseen(delete(PushSubscription).where(older)))
        db.session.commit()


def unsubscribe(endpoint: str, user_id: int) -> None:
    """Tell this browser of theirs no more. Commits."""
    mine = PushSubscription.endpoint == endpoint, PushSubscription.user_id == user_id
    db.session.execute(_unseen(delete(PushSubscription).where(*mine)))
    db.session.commit()


def gone(endpoint: str) -> None:
    """Its push service knows it no more. Commits."""
    with unscoped(WHY):
        known = delete(PushSubscription).where(PushSubscription.endpoint == endpoint)
        db.session.execute(_unseen(known))
        db.session.commit()


def of_whom(assignee_id: int | None, now: datetime, assigned_to: int | None = None) -> list[Given]:
    """The browsers of the business in scope that are told of a conversation: of its assignee, or of
    all who see it where it is nobody's, or somebody's who is gone (assigned_to); of those who want
    it, are signed in, and have the second factor that is required."""
    query = (
        select(PushSubscription.endpoint, PushSubscription.p256dh, PushSubscription.auth)
        .join(User, User.id == PushSubscription.user_id)
        .join(UserSession, UserSession.id == PushSubscription.session_id)
        .join(Tenant, Tenant.id == PushSubscription.tenant_id)
        .where(or_(User.second_factor_since.is_not(None), ~Tenant.second_factor_required))
        .where(User.active, User.alert_notify, UserSession.user_id == User.id)
        .where(UserSession.ended_at.is_(None), UserSession.created_at > now - ABSOLUTE)
        .where(UserSession.last_seen_at > now - IDLE)
    )
    if assignee_id is not None:
        query = query.where(User.id == assignee_id)
    else:
        query = query.where(staff_rights.seeing(assigned_to))
    return [Given(*row) for row in db.session.execute(query)]


def forget(now: datetime) -> None:
    """Delete those whose session is over. Commits."""
    over = or_(UserSession.ended_at.is_not(None), UserSession.last_seen_at < now - IDLE)
    lasting = select(UserSession.id).where(~over)
    with unscoped(WHY):
        ended = delete(PushSubscription).where(PushSubscription.session_id.not_in(lasting))
        db.session.execute(_unseen(ended))
        db.session.commit()


def _unseen(gone: Delete) -> Any:
    return gone.execution_options(synchronize_session=False)


def _check(given: Given) -> None:
    try:
        encrypted = web_address(given.endpoint).tls
    except Refused as error:
        raise BadSubscription from error
    lengths = _length(given.p256dh), _length(given.auth)
    if not encrypted or lengths != (POINT, SECRET):
        raise BadSubscription


def _length(text: str) -> int:
    try:
        return len(raw(text))
    except (binascii.Error, ValueError):
        return 0


def raw(text: str) -> bytes:
    """What base64url without its padding stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
