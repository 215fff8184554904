from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class BroadcastStatus(StrEnum):
    """What they mean, and what leads from one to the next: app/broadcasts/transitions.py."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Broadcast(TenantOwned, Model):
    """An offer to the customers of a segment who agreed to get offers, by one channel."""

    __tablename__ = "broadcast"
    __table_args__ = (
        owned_reference("segment_id", "customer_segment", ondelete="SET NULL (segment_id)"),
        owned_reference("approved_id", "whatsapp_template", ondelete="SET NULL (approved_id)"),
        owned_reference("started_by_id", "user", ondelete="SET NULL (started_by_id)"),
        CheckConstraint("channel IN ('sms', 'whatsapp', 'email')", name="channel_known"),
        CheckConstraint(
            "status IN ('draft', 'running', 'paused', 'done', 'stopped')", name="status_known"
        ),
        CheckConstraint(
            "status = 'draft' OR start_at IS NOT NULL AND filters IS NOT NULL", name="start_known"
        ),
        Index("ix_broadcast_segment", "tenant_id", "segment_id"),
        Index("ix_broadcast_approved", "tenant_id", "approved_id"),
        Index("ix_broadcast_started_by", "tenant_id", "started_by_id"),
        # What a worker looks for.
        Index("ix_broadcast_to_do", "start_at", postgresql_where=text("status = 'running'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(
        default=BroadcastStatus.DRAFT, server_default=BroadcastStatus.DRAFT
    )
    segment_id: Mapped[int | None]
    # Those of the segment as it was started; what becomes of the segment changes nothing then.
    filters: Mapped[dict[str, str | int] | None] = mapped_column(JSONB(none_as_null=True))
    channel: Mapped[str]
    subject: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str] = mapped_column(default="", server_default="")
    # By WhatsApp: the approved template, and what fills its gaps.
    approved_id: Mapped[int | None]
    gaps: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    # Whoever was sent another within so many days is left out.
    rest_days: Mapped[int] = mapped_column(default=7, server_default="7")
    # So many are sent on a day; null: as many as leave.
    a_day: Mapped[int | None]
    # Counts how often the draft was changed: whoever starts it names the one that they saw.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    start_at: Mapped[datetime | None]
    started_by_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    # How far its recipients are written down: by the ids of customers; since when all are.
    listed_to: Mapped[int] = mapped_column(default=0, server_default="0")
    listed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class BroadcastRecipient(TenantOwned, Model):
    """A customer for whom a broadcast is: once for ever, whoever writes it down."""

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        owned_reference("broadcast_id", "broadcast"),
        owned_reference("customer_id", "customer"),
        owned_reference("message_id", "message", ondelete="SET NULL (message_id)"),
        UniqueConstraint("tenant_id", "broadcast_id", "customer_id"),
        CheckConstraint("(decided_at IS NULL) = (cause = '')", name="decided_has_a_cause"),
        Index(
            "ix_broadcast_recipient_waiting",
            *("tenant_id", "broadcast_id", "id"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_broadcast_recipient_customer", "tenant_id", "customer_id", "decided_at"),
        Index(
            "ix_broadcast_recipient_message",
            *("tenant_id", "message_id"),
            postgresql_where=text("message_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(BigInteger)
    customer_id: Mapped[int]
    # Not before; null: as soon as there is room.
    due_at: Mapped[datetime | None]
    # How often its message was given back untried: it is part of the message's token.
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    # Null: nobody has decided yet.
    decided_at: Mapped[datetime | None]
    # A word for programs (app/broadcasts/audience.py), and a sentence where there is more to say.
    cause: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    message_id: Mapped[int | None] = mapped_column(BigInteger)
