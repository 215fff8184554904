from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.done_by import DoneBy
from app.tenancy import TenantOwned, owned_key, owned_reference


class ConversationEventKind(StrEnum):
    """What can be done with a conversation."""

    CLOSED = "closed"
    FINISHED = "finished"
    """What they wrote needed no answer."""
    OPENED = "opened"
    SNOOZED = "snoozed"
    WOKE = "woke"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    LABEL_ADDED = "label_added"
    LABEL_REMOVED = "label_removed"


class ConversationEvent(DoneBy, TenantOwned, Model):
    """One thing that was done with a conversation, for ever."""

    __tablename__ = "conversation_event"
    __table_args__ = (
        owned_key(),
        owned_reference("customer_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        CheckConstraint(
            "kind IN ('closed', 'finished', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned',"
            " 'label_added', 'label_removed')",
            name="kind_known",
        ),
        Index("ix_conversation_event_thread", "tenant_id", "customer_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    # The name of the label or of the person whom it is about, as it was then.
    about: Mapped[str | None]
    # Of a snooze: until when.
    until: Mapped[datetime | None]
