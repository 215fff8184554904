"""A business that pauses its automatic messages holds back those that wait in the outbox, too."""

from sqlalchemy import ColumnElement, and_, exists

from app.models import Message, Tenant


def held() -> ColumnElement[bool]:
    """The condition that a message went there by itself, and its business has paused."""
    paused = exists().where(Tenant.id == Message.tenant_id, Tenant.paused_at.is_not(None))
    # What goes out by itself has an end to its use.
    return and_(Message.not_after.is_not(None), paused)
