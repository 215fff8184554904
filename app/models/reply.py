from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class Answer(StrEnum):
    """What a customer says to a reminder."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    LATE = "late"
    MAY_CANCEL = "may_cancel"
    """They say so, and more that nobody but a person can read."""
    MAY_BE_LATE = "may_be_late"
    MOVE = "move"
    """They want another time."""
    STOP = "stop"
    """A word that ends our messages and may have been meant for the appointment: CANCEL."""
    UNCLEAR = "unclear"
    NONE = "none"
    """It is no answer."""


class Outcome(StrEnum):
    """What came of it."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    TO_STAFF = "to_staff"
    NOTHING = "nothing"


class Reply(TenantOwned, Model):
    """A customer's message that came after a reminder, as it was read, and what came of it."""

    __tablename__ = "reply"
    __table_args__ = (
        owned_reference("message_id", "message"),
        owned_reference("notification_id", "notification", ondelete="SET NULL (notification_id)"),
        owned_reference("appointment_id", "appointment", ondelete="SET NULL (appointment_id)"),
        # A message is read once, whoever reads it.
        UniqueConstraint("tenant_id", "message_id"),
        CheckConstraint(
            "answer IN ('confirm', 'cancel', 'late', 'may_cancel', 'may_be_late', 'move', 'stop',"
            " 'unclear', 'none')",
            name="answer_known",
        ),
        CheckConstraint(
            "outcome IN ('confirmed', 'cancelled', 'to_staff', 'nothing')", name="outcome_known"
        ),
        Index(
            "ix_reply_appointment",
            "tenant_id",
            "appointment_id",
            postgresql_where=text("appointment_id IS NOT NULL"),
        ),
        # For the foreign key: a deleted notification is looked for here.
        Index(
            "ix_reply_notification",
            "tenant_id",
            "notification_id",
            postgresql_where=text("notification_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    notification_id: Mapped[int | None] = mapped_column(BigInteger)
    appointment_id: Mapped[int | None]
    # The appointment's start that was asked about.
    starts_at: Mapped[datetime | None]
    answer: Mapped[str]
    outcome: Mapped[str]
    # Why a person has to look at it, in a sentence; empty where nobody has to.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    # Whether a polite answer was given to the outbox.
    answered: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
