from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned

# A wait of so many seconds has the exponent of this that it reaches: its step.
GROWTH = 1.1


class What(StrEnum):
    """What is counted, and what its kind, its detail and its person are."""

    HEARD = "heard"
    """Messages that came in: channel."""
    SENT = "sent"
    """Messages that have gone out, when written: channel; sent, delivered, failed or unknown; the
    user who wrote it."""
    ANSWER = "answer"
    """Answers by hand to who waited: first (none before, or the conversation was closed) or later;
    the step of the wait; the user."""
    NOTIFICATION = "notification"
    """Automatic messages that were decided on: type; status and cause, with a space between."""
    APPOINTMENT = "appointment"
    """Appointments at their start: status; none; the staff member."""
    REPLY = "reply"
    """Reminders that were answered: what came of it, confirmed or cancelled."""
    STOP = "stop"
    """Addresses that were opted out and had not been: channel; how."""


class _Counter:
    """So many within a quarter of an hour of UTC, of which it is the start. Nobody has the id 0."""

    what: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str]
    detail: Mapped[str]
    who_id: Mapped[int]
    total: Mapped[int]


class RollupChange(_Counter, TenantOwned, Model):
    """So many more, or fewer: a trigger adds the row in the transaction of the change (migration
    0063), and a worker adds it up (app/reports/add_up.py)."""

    __tablename__ = "rollup_change"
    __table_args__ = (Index("ix_rollup_change_tenant", "tenant_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)


class Rollup(TenantOwned, Model):
    """How many there are, but for the changes that are not added up."""

    __tablename__ = "rollup"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    what: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True)
    who_id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int]
