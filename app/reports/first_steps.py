"""What a new business sets up, and how far it is: a row each, with its check."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    Customer,
    Direction,
    FileImport,
    Message,
    MessageCount,
    OpeningInterval,
    SelfTest,
    Service,
    StaffMember,
    Tenant,
    User,
    UserInvitation,
)
from app.models.message_count import ALL_DAYS
from app.tenancy import current_tenant_id

ARRIVED = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)
# A step is done where one of its selects finds something.
CHECKS: Mapping[str, tuple[Select[*tuple[Any, ...]], ...]] = {
    "heard": (
        select(MessageCount.day)
        .where(MessageCount.day == ALL_DAYS, MessageCount.direction == Direction.INBOUND)
        .where(MessageCount.messages > 0),
    ),
    "services": (select(Service.id).where(Service.active),),
    "staff": (select(StaffMember.id).where(StaffMember.active),),
    "hours": (select(OpeningInterval.id),),
    "list": (
        select(FileImport.id).where(FileImport.finished_at.is_not(None), FileImport.created > 0),
        select(Customer.id).where(Customer.external_id.is_not(None)),
    ),
    "test": (
        select(SelfTest.id)
        .join(Message, Message.id == SelfTest.message_id)
        .where(Message.status.in_(ARRIVED)),
    ),
    # Somebody beside whoever came first.
    "team": (select(User.id).where(User.active).offset(1), select(UserInvitation.id)),
}


def done() -> dict[str, bool]:
    """Of each step, whether the business in scope has taken it; none is left out."""
    return {key: any(map(_finds, checks)) for key, checks in CHECKS.items()}


def hidden() -> bool:
    """Whether somebody has said that the steps need not be shown."""
    return db.session.get_one(Tenant, current_tenant_id()).first_steps_hidden


def hide() -> None:
    """For all of the business, and for good."""
    db.session.get_one(Tenant, current_tenant_id()).first_steps_hidden = True
    db.session.commit()


def _finds(query: Select[*tuple[Any, ...]]) -> bool:
    return db.session.execute(query.limit(1)).first() is not None
