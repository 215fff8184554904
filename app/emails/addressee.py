"""Whom an email goes to, found as it is sent: they may have gone since it was written."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.emails import one_time_links
from app.extensions import db
from app.models import User, UserEmail, UserInvitation


class Addressee(NamedTuple):
    email: str
    name: str
    link: str = ""
    """What lets them in, made just now."""


Found = Addressee | None


def addressee(email: UserEmail, now: datetime) -> Found:
    """None: nobody is there to get it, or it comes too late. The caller commits, and looks across
    tenants."""
    if email.user_id is not None:
        user = db.session.get_one(User, email.user_id)
        return Addressee(user.email, str(user))
    find: Callable[[UserEmail, datetime], Found] = _invited if email.invitation_id else _forgetful
    return find(email, now)


def _invited(email: UserEmail, now: datetime) -> Found:
    invitation = db.session.get(UserInvitation, email.invitation_id)
    link = invitation and one_time_links.to_invitation(invitation.id, now)
    return Addressee(invitation.email, invitation.name, link) if invitation and link else None


def _forgetful(email: UserEmail, now: datetime) -> Found:
    """Who signs in with the address that was typed."""
    if now > email.created_at + one_time_links.RESET_LASTS:
        return None
    user = db.session.scalar(select(User).where(User.email == email.address, User.active))
    return Addressee(user.email, str(user), one_time_links.to_reset(user, now)) if user else None
