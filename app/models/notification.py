import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.appointment import Appointment
from app.models.call import Call
from app.models.customer import Customer
from app.models.message import Message
from app.models.tenant import Tenant
from app.tenancy import TenantOwned, owned_reference


class NotificationStatus(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    """It is in the outbox; what became of it there, its message says."""
    SKIPPED = "skipped"
    """Its time came, and it was not sent."""
    CANCELLED = "cancelled"
    """It no longer holds, or somebody did not want it."""


class Notification(TenantOwned, Model):
    """An automatic message: planned, sent or not sent, and why."""

    __tablename__ = "notification"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("appointment_id", "appointment", ondelete="SET NULL (appointment_id)"),
        owned_reference("call_id", "call", ondelete="SET NULL (call_id)"),
        owned_reference("message_id", "message", ondelete="SET NULL (message_id)"),
        # One for each step, start and telling, whoever plans it.
        UniqueConstraint(
            *("tenant_id", "appointment_id", "type", "step", "starts_at", "telling"),
            name="uq_notification_telling",
        ),
        # One for each call.
        UniqueConstraint("tenant_id", "call_id", "type"),
        CheckConstraint(
            "status IN ('planned', 'sent', 'skipped', 'cancelled')", name="status_known"
        ),
        CheckConstraint("status = 'planned' OR reason <> ''", name="end_has_a_reason"),
        # Whoever follows a link says no business.
        Index("ix_notification_link", "link", postgresql_where=text("link IS NOT NULL")),
        Index("ix_notification_due", "due_at", postgresql_where=text("status = 'planned'")),
        # In the order of the dispatcher (app/notifications/due_notifications.py).
        Index(
            "ix_notification_turn",
            "tenant_id",
            "due_at",
            "id",
            postgresql_where=text("status = 'planned'"),
        ),
        Index("ix_notification_customer", "tenant_id", "customer_id", "id"),
        Index(
            "ix_notification_message",
            "tenant_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        index=True, server_default=func.gen_random_uuid(), default=uuid.uuid4
    )
    # What its link is called (app/lib/short_name.py); null: it has none, or is from before, when
    # links named the public_id.
    link: Mapped[str | None]
    type: Mapped[str]
    customer_id: Mapped[int]
    appointment_id: Mapped[int | None]
    call_id: Mapped[int | None]
    # Minutes before the start; 0 where it is for something else.
    step: Mapped[int] = mapped_column(default=0, server_default="0")
    # The appointment's start that it is for.
    starts_at: Mapped[datetime | None]
    # Which telling (elsewhere: revision) of that start it is, from 0: one more each time the
    # appointment comes back to it after the customer was told of another.
    telling: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime]
    # From then on it would only confuse.
    useful_until: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=NotificationStatus.PLANNED)
    # Why it is as it is: a word for programs, a sentence for people.
    cause: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    channel: Mapped[str | None]
    # In which it was written: a key of LANGUAGES; null: it was not, or before this was kept.
    language: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # How often the link in it was opened, and when first.
    opens: Mapped[int] = mapped_column(default=0, server_default="0")
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship(viewonly=True)
    customer: Mapped[Customer] = relationship(viewonly=True)
    appointment: Mapped[Appointment | None] = relationship(viewonly=True)
    call: Mapped[Call | None] = relationship(viewonly=True, back_populates="follow_up")
    message: Mapped[Message | None] = relationship(viewonly=True)
