"""Rights of staff, as an admin gave them long ago."""

from sqlalchemy import select, update

from app.extensions import db
from app.models import Conversation, Sees, User
from app.tenancy import tenant_scope, unscoped


def let(email: str, **rights: bool | Sees) -> None:
    """Whoever signs in by that email has these from now on."""
    with unscoped("tests"):
        db.session.execute(update(User).where(User.email == email).values(**rights))
        db.session.commit()


def assign(tenant_id: int, customer_id: int, email: str | None) -> None:
    """Their conversation is from now on of whoever signs in by that email; None: nobody's."""
    with tenant_scope(tenant_id):
        to = email and db.session.scalars(select(User.id).where(User.email == email)).one()
        theirs = Conversation.customer_id == customer_id
        db.session.execute(update(Conversation).where(theirs).values(assignee_id=to))
        db.session.commit()
