"""Links that let somebody in: made as they are sent, so that no row ever holds one.

A row has the SHA-256 of the token, and is gone when the link was used (app/users). Links begin with
PUBLIC_URL, whatever host a request was for.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from app.extensions import db, settings
from app.housekeeping import delete_old
from app.lib.keyed_hash import hashed
from app.models import PasswordReset, User, UserInvitation
from app.tenancy import unscoped

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)

# For so long after its end an invitation can be sent again.
KEPT = timedelta(days=90)

WHY = "who opens a link is in no business yet, and an operator is in none"


def to_invitation(invitation_id: int, now: datetime) -> str | None:
    """Its new link; the one before holds no more. None: it was used or withdrawn. The caller
    commits."""
    token = secrets.token_urlsafe(32)
    renewed = (
        update(UserInvitation)
        .where(UserInvitation.id == invitation_id)
        .values(token_hash=hashed(token), expires_at=now + INVITATION_LASTS)
        .returning(UserInvitation.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped(WHY):
        found = db.session.scalar(renewed)
    return f"{settings().public_url}/invitation/{token}" if found else None


def to_reset(user: User, now: datetime) -> str:
    """Their link to a new password, beside those that they may have got. The caller commits."""
    token = secrets.token_urlsafe(32)
    reset = PasswordReset(
        tenant_id=user.tenant_id,
        user_id=user.id,
        email=user.email,
        token_hash=hashed(token),
        expires_at=now + RESET_LASTS,
    )
    with unscoped(WHY):
        db.session.add(reset)
        db.session.flush()
    return f"{settings().public_url}/reset-password/{token}"


def void_resets(user: User) -> None:
    """Let none of their links to a new password hold any more; the caller commits."""
    void = delete(PasswordReset).where(PasswordReset.user_id == user.id)
    with unscoped(WHY), db.session.no_autoflush:
        db.session.execute(void.execution_options(synchronize_session=False))


def forget(now: datetime) -> None:
    """Delete what is over; who was invited stays for a while, to be asked again."""
    delete_old(PasswordReset, PasswordReset.expires_at < now)
    delete_old(UserInvitation, UserInvitation.expires_at < now - KEPT)
