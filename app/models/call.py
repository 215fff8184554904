from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.customer import Customer
from app.tenancy import TenantOwned, owned_key, owned_reference


class CallOutcome(StrEnum):
    ANSWERED = "answered"
    MISSED = "missed"


class Call(TenantOwned, Model):
    """Somebody telephoned the business."""

    __tablename__ = "call"
    __table_args__ = (
        owned_key(),
        owned_reference("customer_id", "customer", ondelete="SET NULL (customer_id)"),
        UniqueConstraint("tenant_id", "provider_sid"),
        CheckConstraint("outcome IN ('answered', 'missed')", name="outcome_known"),
        Index("ix_call_recent", "tenant_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None]
    caller: Mapped[str]
    outcome: Mapped[str] = mapped_column(default=CallOutcome.MISSED)
    started_at: Mapped[datetime]
    duration_seconds: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(default="", server_default="")
    provider_sid: Mapped[str | None]

    customer: Mapped[Customer | None] = relationship()
