import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.webhook_endpoint import WebhookEndpoint
from app.tenancy import TenantOwned, owned_reference


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """Somebody holds it under a lease, and may have called."""
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(TenantOwned, Model):
    """An event on its way to an endpoint, written with what it tells of (transactional outbox)."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        owned_reference("endpoint_id", "webhook_endpoint"),
        # An endpoint is told of a thing once, whoever tells.
        UniqueConstraint("tenant_id", "endpoint_id", "webhook_id"),
        CheckConstraint(
            "status IN ('waiting', 'sending', 'delivered', 'failed')", name="status_known"
        ),
        CheckConstraint("(status = 'sending') = (claim IS NOT NULL)", name="claimed_when_sending"),
        Index(
            "ix_webhook_delivery_due",
            *("tenant_id", "endpoint_id", "next_at"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_held",
            "lease_until",
            postgresql_where=text("status = 'sending'"),
        ),
        Index("ix_webhook_delivery_log", "tenant_id", "endpoint_id", "id"),
        Index("ix_webhook_delivery_old", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(BigInteger)
    # The header webhook-id, the same at every attempt: by it a receiver knows what it has.
    webhook_id: Mapped[str]
    type: Mapped[str]
    # The body, to the byte.
    payload: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime]
    claim: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    # Of the last attempt: when, how long it took, and what was answered or what went wrong.
    attempted_at: Mapped[datetime | None]
    took_ms: Mapped[int | None]
    answered: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    error: Mapped[str] = mapped_column(default="", server_default="")

    endpoint: Mapped[WebhookEndpoint] = relationship(viewonly=True)
