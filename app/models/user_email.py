from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class UserEmail(TenantOwned, Model):
    """An email to somebody who signs in, or may soon; app/emails/queue.py moves it."""

    __tablename__ = "user_email"
    __table_args__ = (
        owned_reference("user_id", "user"),
        owned_reference("invitation_id", "user_invitation"),
        CheckConstraint("num_nonnulls(user_id, invitation_id, address) = 1", name="one_addressee"),
        CheckConstraint("num_nonnulls(sent_at, failed_reason) <= 1", name="one_end"),
        Index(
            "ix_user_email_waiting",
            "send_after",
            postgresql_where=text("sent_at IS NULL AND failed_reason IS NULL"),
        ),
        Index("ix_user_email_of_late", "tenant_id", "created_at"),
        Index(
            "ix_user_email_invitation",
            "tenant_id",
            "invitation_id",
            postgresql_where=text("invitation_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # By itself too: an operator has no tenant, and the key of both holds for nobody's rows.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    invitation_id: Mapped[int | None]
    # As a stranger has typed it; whether it is somebody's, its sending shows.
    address: Mapped[str | None]
    kind: Mapped[str]
    # What its text is filled in with.
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # What is told once has one name: a second row of it is not written.
    once: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # Somebody is at it until then; over and without an end, nobody knows whether it left.
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_reason: Mapped[str | None]
