"""Whether passwords, and passkeys alone, let in users whose business signs in by its provider."""

from sqlalchemy import select

from app.extensions import db
from app.models import Role, SingleSignOn, User
from app.tenancy import tenant_scope
from app.users import second_factor, user_access


def is_closed_to(user: User) -> bool:
    """Open stays it to operators, and to admins with a second factor: they let the others in again
    where the provider fails (break glass)."""
    if user.tenant_id is None or _breaks_glass(user):
        return False
    with tenant_scope(user.tenant_id):
        return db.session.scalar(select(SingleSignOn.required)) is True


def who_breaks_glass() -> list[User]:
    """Of the business in scope, who comes in by a password whatever is required."""
    return [user for user in user_access.admins() if _breaks_glass(user)]


def _breaks_glass(user: User) -> bool:
    return user.role == Role.TENANT_ADMIN and second_factor.has(user)
