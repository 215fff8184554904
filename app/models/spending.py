from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, current_tenant_id


class Spent(StrEnum):
    """What costs the operator money, and how it is counted."""

    SEGMENTS = "segments"
    """Of texts; a WhatsApp message is one."""
    CALLS = "calls"
    """That were put through to the business's telephone."""
    STRANGERS = "strangers"
    """Automatic texts to callers whom nobody knew."""


class Spending(TenantOwned, Model):
    """How much a business has used of the platform's Twilio account, on a local day."""

    __tablename__ = "spending"
    __table_args__ = (
        CheckConstraint("kind IN ('segments', 'calls', 'strangers')", name="kind_known"),
        # What is long past is forgotten.
        Index("ix_spending_day", "day"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True, default=current_tenant_id
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    # The highest level of the limit, in percent, that the log was told of.
    told: Mapped[int] = mapped_column(default=0, server_default="0")
