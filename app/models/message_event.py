from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class MessageEventKind(StrEnum):
    MOVED = "moved"
    """Its status became another."""
    LOOKED_FOR = "looked_for"
    """It was looked for at the carrier."""
    REPORTED = "reported"
    """The carrier reported what was known, or was overtaken."""


class MessageEvent(TenantOwned, Model):
    """One step in the life of an outbound message. The database itself writes down the first two
    (the trigger message_life), whoever moves a message; app/outbox/settle/delivery_report.py the
    third."""

    __tablename__ = "message_event"
    __table_args__ = (
        owned_reference("message_id", "message"),
        CheckConstraint("kind IN ('moved', 'looked_for', 'reported')", name="kind_known"),
        Index("ix_message_event_message", "tenant_id", "message_id", "id"),
        Index("ix_message_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    kind: Mapped[str]
    # What it was before, and became; of a report what it said.
    was: Mapped[str | None]
    status: Mapped[str]
    error_code: Mapped[int | None]
    error: Mapped[str | None]
