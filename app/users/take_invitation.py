"""Whoever has an invitation's link becomes a user of its business.

They delete it in the transaction that makes their user, so that of two at once one does. It holds
as long as who sent it may invite.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError

from app.audit.audit_record import record_of
from app.extensions import db
from app.lib.keyed_hash import hashed
from app.models import AuditAction, Role, Tenant, User, UserInvitation
from app.tenancy import tenant_scope, unscoped
from app.users import passwords, team
from app.users.invitations import named

WHY = "who opens an invitation is in no business yet"


class InvitationOver(LookupError):
    """It was used, withdrawn, replaced or is too old, or who sent it may invite nobody any more."""


class Opened(NamedTuple):
    """What whoever has the link may know of it."""

    tenant_id: int
    email: str
    name: str
    business: str


def opened(token: str, now: datetime) -> Opened:
    """Whose link it is. Raises InvitationOver."""
    taken = select(User.id).where(User.email == UserInvitation.email).correlate(UserInvitation)
    query = _open(token, now).add_columns(Tenant.name).where(~taken.exists())
    query = query.join(Tenant, Tenant.id == UserInvitation.tenant_id)
    with unscoped(WHY):
        row = db.session.execute(query).one_or_none()
    if row is None:
        raise InvitationOver
    invitation, business = row
    return Opened(invitation.tenant_id, invitation.email, invitation.name, business)


def take(token: str, name: str, password: str, now: datetime) -> User:
    """Make their user, committed. Raises InvitationOver or WeakPassword."""
    tenant_id = opened(token, now).tenant_id
    db.session.rollback()
    with tenant_scope(tenant_id):
        try:
            user = _take(token, named(name), password, now)
            record_of(user, AuditAction.JOINED)
            db.session.commit()
        except IntegrityError:
            # The address, or who serves customers, has come to be somebody's meanwhile.
            db.session.rollback()
            raise InvitationOver from None
        except (passwords.WeakPassword, InvitationOver):
            # It is free for their next try.
            db.session.rollback()
            raise
    return user


def _take(token: str, name: str, password: str, now: datetime) -> User:
    invitation = _locked(token, now)
    user = User(
        tenant_id=invitation.tenant_id,
        email=invitation.email,
        name=name or invitation.name,
        role=invitation.role,
        active=True,
    )
    passwords.set_password(user, password, now)
    db.session.add(user)
    db.session.delete(invitation)
    db.session.flush()
    if invitation.takes_appointments or invitation.staff_member_id:
        team.serve(user, invitation.staff_member_id, invitation.takes_appointments)
    return user


def _locked(token: str, now: datetime) -> UserInvitation:
    """Who sent it is locked as well, so that their access is not taken away meanwhile; and first,
    as whoever deletes them does it. Raises InvitationOver."""
    theirs = UserInvitation.token_hash == hashed(token)
    inviter = select(UserInvitation.inviter_id).where(theirs).scalar_subquery()
    db.session.execute(select(User.id).where(User.id == inviter).with_for_update(read=True))
    invitation = db.session.scalar(_open(token, now).with_for_update(of=UserInvitation))
    if invitation is None:
        raise InvitationOver
    return invitation


def _open(token: str, now: datetime) -> Select[UserInvitation]:
    return (
        select(UserInvitation)
        .outerjoin(User, User.id == UserInvitation.inviter_id)
        .where(
            UserInvitation.token_hash == hashed(token),
            UserInvitation.expires_at > now,
            or_(
                UserInvitation.inviter_id.is_(None),
                User.active & (User.role == Role.TENANT_ADMIN),
            ),
        )
    )
