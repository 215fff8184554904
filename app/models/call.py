from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.lib.telephone.call_outcome import CallOutcome
from app.models.customer import Customer
from app.tenancy import TenantOwned, owned_reference

if TYPE_CHECKING:
    from app.models.notification import Notification

# Stands for the caller's number where the caller kept it back.
WITHHELD = "anonymous"


class Call(TenantOwned, Model):
    """Somebody telephoned the business."""

    __tablename__ = "call"
    __table_args__ = (
        owned_reference("customer_id", "customer", ondelete="SET NULL (customer_id)"),
        UniqueConstraint("tenant_id", "provider_sid"),
        CheckConstraint(
            "outcome IN ('ringing', 'unknown', 'missed', 'answered')", name="outcome_known"
        ),
        CheckConstraint("missed_at IS NULL OR outcome = 'missed'", name="missed_when_missed"),
        Index("ix_call_recent", "tenant_id", "started_at"),
        Index("ix_call_customer", "tenant_id", "customer_id", "started_at"),
        # Whose end was not told.
        Index("ix_call_ringing", "started_at", postgresql_where=text("outcome = 'ringing'")),
        # What may be followed up.
        Index(
            "ix_call_missed",
            "missed_at",
            postgresql_where=text("missed_at IS NOT NULL AND reachable"),
        ),
        # What was missed of late, for those who tell of it.
        Index("ix_call_told", "missed_at", postgresql_where=text("missed_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None]
    caller: Mapped[str]
    outcome: Mapped[str] = mapped_column(default=CallOutcome.MISSED)
    started_at: Mapped[datetime]
    # When it is certain that nobody took the call.
    missed_at: Mapped[datetime | None]
    duration_seconds: Mapped[int] = mapped_column(default=0)
    # Whether the caller has a number that can be texted.
    reachable: Mapped[bool] = mapped_column(default=True, server_default=true())
    notes: Mapped[str] = mapped_column(default="", server_default="")
    provider_sid: Mapped[str | None]
    # The Twilio account that vouched for it: no other is asked about it. Empty: there was none;
    # NULL: from before this was kept.
    account_sid: Mapped[str | None]
    # When the carrier may be asked (again) what came of it; null: as soon as it could be over.
    ask_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship()
    follow_up: Mapped[Notification | None] = relationship(viewonly=True, back_populates="call")
