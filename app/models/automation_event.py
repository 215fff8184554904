from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class EventType(StrEnum):
    """What can happen, in the words that integrators read (Standard Webhooks' dotted names)."""

    MESSAGE_RECEIVED = "message.received"
    MESSAGE_FAILED = "message.failed"
    CALL_MISSED = "call.missed"
    APPOINTMENT_BOOKED = "appointment.booked"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_COMPLETED = "appointment.completed"
    APPOINTMENT_MISSED = "appointment.missed"
    LABEL_ADDED = "label.added"
    REPLY_READ = "reply.read"


class Origin(StrEnum):
    """Who made it happen."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"
    AUTOMATION = "automation"
    """A rule."""


class AutomationEvent(TenantOwned, Model):
    """One thing that happened, committed with what made it happen (transactional outbox); rules
    and outgoing webhooks look at each once (app/automation)."""

    __tablename__ = "automation_event"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("message_id", "message"),
        owned_reference("appointment_id", "appointment", ondelete="SET NULL (appointment_id)"),
        owned_reference("call_id", "call"),
        owned_reference("cause_id", "automation_event", ondelete="SET NULL (cause_id)"),
        # What is found among rows and not told by whoever writes them is found once.
        UniqueConstraint("tenant_id", "type", "found_in"),
        CheckConstraint(
            "origin IN ('customer', 'staff', 'system', 'automation')", name="origin_known"
        ),
        Index(
            "ix_automation_event_unjudged",
            "due_at",
            postgresql_where=text("judged_at IS NULL"),
        ),
        Index("ix_automation_event_customer", "tenant_id", "customer_id", "id"),
        Index(
            "ix_automation_event_message",
            "tenant_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_automation_event_appointment",
            "tenant_id",
            "appointment_id",
            postgresql_where=text("appointment_id IS NOT NULL"),
        ),
        Index(
            "ix_automation_event_call",
            "tenant_id",
            "call_id",
            postgresql_where=text("call_id IS NOT NULL"),
        ),
        Index(
            "ix_automation_event_cause",
            "tenant_id",
            "cause_id",
            postgresql_where=text("cause_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    type: Mapped[str]
    customer_id: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    appointment_id: Mapped[int | None]
    call_id: Mapped[int | None]
    # The id of the row that it was found in, of the table that its type is about; null: it was
    # told.
    found_in: Mapped[int | None] = mapped_column(BigInteger)
    # What was so at that moment and may be otherwise when it is judged: the label, the start.
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    origin: Mapped[str]
    # The event whose rule made this happen, and how many such steps lie behind it.
    cause_id: Mapped[int | None] = mapped_column(BigInteger)
    depth: Mapped[int] = mapped_column(default=0, server_default="0")
    at: Mapped[datetime]
    # When it may be judged: what can be undone for a moment waits so long.
    due_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
