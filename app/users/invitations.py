"""Somebody is asked to sign in by a link, which is sent, and sent again. The row is the invitation:
where it is deleted they are invited no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.emails import one_time_links, queue
from app.emails.kinds import invited
from app.extensions import db
from app.lib.mail.display_name import strangers_name
from app.lib.text.cleaning import clean, one_line
from app.models import Role, Tenant, User, UserEmail, UserInvitation
from app.tenancy import current_tenant_id
from app.users import team, user_access

LONGEST_NAME = 80
ROLES = (Role.STAFF, Role.TENANT_ADMIN)


class NotInvited(ValueError):
    """They cannot be invited; the text says why, and what to do."""


@dataclass(frozen=True)
class Asked:
    """Who is to sign in."""

    email: str
    """In its normal form (app/customers/contact.py)."""
    name: str
    role: str
    takes_appointments: bool = False
    staff_member_id: int | None = None


class Pending(NamedTuple):
    invitation: UserInvitation
    inviter: User | None
    """None: the operator."""
    email: UserEmail | None
    """The last that was written."""


def invite(asked: Asked, by: User, now: datetime) -> UserInvitation:
    """Make the invitation, which is not sent yet. The caller commits. Raises NotInvited."""
    if asked.role not in ROLES:
        raise NotInvited("Choose a role.")
    _check_free(asked.email)
    serves = asked.takes_appointments
    invitation = UserInvitation(
        email=asked.email,
        name=named(asked.name),
        role=asked.role,
        takes_appointments=serves,
        staff_member_id=asked.staff_member_id or (serves and team.namesake(asked.name)) or None,
        created_at=now,
    )
    _from(invitation, by, now)
    db.session.add(invitation)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise NotInvited(f"{asked.email} was invited already: send it again below.") from None
    return invitation


def named(text: str) -> str:
    return one_line(clean(text))[:LONGEST_NAME].strip()


def _check_free(email: str) -> None:
    """Raises NotInvited where somebody signs in with it."""
    user = user_access.find(email)
    if user and user.tenant_id == current_tenant_id():
        raise NotInvited(f"{user} has that address and is in the team already.")
    if user:
        # Not saying whose, as it may be another business's.
        raise NotInvited("This email cannot be used: choose another.")


def _from(invitation: UserInvitation, by: User, now: datetime) -> None:
    invitation.inviter_id = by.id if by.tenant_id else None
    invitation.expires_at = now + one_time_links.INVITATION_LASTS


def send(invitation: UserInvitation, by: User, now: datetime) -> str | None:
    """Have it sent, anew where it was before, as an invitation of whoever asks for it. The caller
    commits, and enqueues SEND_USER_EMAILS.

    The link itself where no mail server is configured, to be handed on; else None. Raises
    NotInvited.
    """
    _check_free(invitation.email)
    _from(invitation, by, now)
    db.session.flush()
    business = db.session.get_one(Tenant, current_tenant_id()).name
    values = {
        "who": _who(by),
        "business": strangers_name(business) or "a business",
    }
    if queue.write_to_invited(invitation, invited.KIND, values, now):
        return None
    return one_time_links.to_invitation(invitation.id, now)


def _who(by: User) -> str:
    if by.tenant_id is None:
        return "The operator of KaiVox"
    return strangers_name(str(by)) or "An admin"


def pending() -> list[Pending]:
    """The business's, the newest first."""
    last = (
        select(func.max(UserEmail.id))
        .where(UserEmail.invitation_id == UserInvitation.id)
        .correlate(UserInvitation)
        .scalar_subquery()
    )
    query = (
        select(UserInvitation, User, UserEmail)
        .outerjoin(User, User.id == UserInvitation.inviter_id)
        .outerjoin(UserEmail, UserEmail.id == last)
        .order_by(UserInvitation.id.desc())
    )
    return [Pending(*row) for row in db.session.execute(query)]


def may_invite(inviter: User | None) -> bool:
    """Whether what they sent still holds; None: the operator."""
    return inviter is None or (inviter.active and inviter.role == Role.TENANT_ADMIN)
