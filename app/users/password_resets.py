"""Forgot password: a link to whoever signs in with an address, and the new password by it."""

from datetime import datetime

from sqlalchemy import Select, select

from app.audit.audit_record import record_of
from app.emails import queue
from app.emails.kinds import changed_password, forgotten_password
from app.extensions import db
from app.lib.keyed_hash import hashed
from app.models import AuditAction, PasswordReset, User
from app.tenancy import unscoped
from app.users import passwords

WHY = "who forgot their password is in no business yet, and an operator is in none"


class LinkOver(LookupError):
    """The link is none of ours, its hour is over, or the password was changed since."""


def ask(address: str, now: datetime) -> None:
    """Have a link sent to whoever signs in with the address. Nothing here depends on whether
    anybody does. The caller commits and enqueues SEND_USER_EMAILS."""
    queue.write_to_address(address, forgotten_password.KIND, now)


def user_of(token: str, now: datetime) -> User:
    """Whose link it is. Raises LinkOver."""
    with unscoped(WHY):
        return _one(_open(token, now))


def reset(token: str, password: str, now: datetime) -> User:
    """Set it, end all their sessions and links, and tell them, committed; who calls enqueues
    SEND_USER_EMAILS. Of two at once one is LinkOver. Raises LinkOver or WeakPassword."""
    with unscoped(WHY):
        user = _one(_open(token, now).with_for_update(of=PasswordReset))
        try:
            passwords.set_password(user, password, now)
        except passwords.WeakPassword:
            # The link is free for their next try.
            db.session.rollback()
            raise
        queue.write(user, changed_password.KIND, {}, now)
        record_of(user, AuditAction.PASSWORD_RESET)
        db.session.commit()
    return user


def _open(token: str, now: datetime) -> Select[User]:
    return (
        select(User)
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            PasswordReset.token_hash == hashed(token),
            PasswordReset.expires_at > now,
            # As it was mailed to: an address that is no more theirs lets nobody in.
            PasswordReset.email == User.email,
            User.active,
        )
    )


def _one(query: Select[User]) -> User:
    user = db.session.scalar(query)
    if user is None:
        raise LinkOver
    return user
