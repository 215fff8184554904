from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.done_by import DoneBy
from app.tenancy import TenantOwned, owned_reference


class ConversationEventKind(StrEnum):
    """What can be done with a conversation, and with the appointments that it is about."""

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
    BOOKED = "booked"
    """The customer’s appointment, as all that follow."""
    MOVED = "moved"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    REOPENED = "reopened"
    TAPPED = "tapped"
    """The customer opened something by a button under a message."""
    CAME_BY = "came_by"
    """An ad or a link led them here."""


class ConversationEvent(DoneBy, TenantOwned, Model):
    """One thing that was done with a conversation, for ever."""

    __tablename__ = "conversation_event"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        CheckConstraint(
            "kind IN ('closed', 'finished', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned',"
            " 'label_added', 'label_removed', 'booked', 'moved', 'confirmed', 'cancelled',"
            " 'completed', 'no_show', 'reopened', 'tapped', 'came_by')",
            name="kind_known",
        ),
        owned_reference("appointment_id", "appointment", ondelete="SET NULL (appointment_id)"),
        Index("ix_conversation_event_thread", "tenant_id", "customer_id", "at"),
        # For the foreign key: a deleted appointment is looked for here.
        Index(
            "ix_conversation_event_appointment",
            "tenant_id",
            "appointment_id",
            postgresql_where=text("appointment_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    # Whether the customer did it by themselves, by the link of an appointment.
    by_customer: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The name of the label or of the person whom it is about, as it was then.
    about: Mapped[str | None]
    # Of a snooze: until when.
    until: Mapped[datetime | None]
    # Of an appointment: which, when it begins from then on, and when it began before.
    appointment_id: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    was_at: Mapped[datetime | None]
