"""Who may sign in: taken away, given back, and never from the last who could give it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from app.extensions import db
from app.models import Role, Tenant, User
from app.tenancy import unscoped
from app.users import passwords, sessions

WHY = "the operator sees to those who sign in to any business"


class LastAdmin(ValueError):
    """Nobody else could let people in; the text says what to do first."""


class Somebody(NamedTuple):
    user: User
    business: Tenant | None


def admins() -> Sequence[User]:
    """Those who see to the business in scope and may sign in, the eldest first."""
    query = select(User).where(User.role == Role.TENANT_ADMIN, User.active).order_by(User.id)
    return db.session.scalars(query).all()


def lock_admins(user: User) -> None:
    """Lock those who could let people in to that business (of an operator: all operators), so
    that two of them cannot take each other's access away. Before anything of it changes.

    Raises LastAdmin where nobody is left without that user.
    """
    with unscoped(WHY), db.session.no_autoflush:
        peers = select(User.id).where(User.active, *_peers(user)).order_by(User.id)
        holders = set(db.session.scalars(peers.with_for_update(of=User)))
    if holders == {user.id}:
        whose = "operator" if user.tenant_id is None else "admin of this business"
        raise LastAdmin(f"this is the last {whose} who may sign in: make another one first")


def _peers(user: User) -> tuple[ColumnElement[bool], ...]:
    if user.tenant_id is None:
        return (User.role == Role.PLATFORM_ADMIN,)
    return (User.role == Role.TENANT_ADMIN, User.tenant_id == user.tenant_id)


def disable(user: User, now: datetime) -> None:
    """End their sessions, and let them begin no other; the caller commits. Raises LastAdmin."""
    lock_admins(user)
    user.active = False
    sessions.end_all(user, now)


def enable(user: User) -> None:
    user.active = True


def reset(user: User, now: datetime) -> str:
    """Give them a random password, which is told this once; the caller commits."""
    fresh = passwords.fresh()
    passwords.set_password(user, fresh, now)
    return fresh


def find(email: str) -> User | None:
    """Somebody of any business, or an operator."""
    with unscoped(WHY):
        return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def get(user_id: int) -> User | None:
    with unscoped(WHY):
        return db.session.get(User, user_id)


def everybody(
    tenant: Tenant | None = None, sought: str = "", after: int = 0, most: int | None = None
) -> list["Somebody"]:
    """Those who sign in, by id, each with their business; of one, or whose email, name or business
    has `sought` in it, where that is given."""
    query = select(User, Tenant).outerjoin(Tenant, Tenant.id == User.tenant_id)
    if tenant:
        query = query.where(User.tenant_id == tenant.id)
    if sought:
        word = func.folded(sought)
        found = [func.strpos(func.folded(name), word) > 0 for name in (User.name, Tenant.name)]
        query = query.where(or_(User.email.icontains(sought, autoescape=True), *found))
    query = query.where(User.id > after).order_by(User.id).limit(most)
    with unscoped(WHY):
        return [Somebody(row.User, row.Tenant) for row in db.session.execute(query)]
