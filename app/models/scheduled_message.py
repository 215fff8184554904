from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.customer import Customer
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference

if TYPE_CHECKING:
    from app.models.draft_file import DraftFile


class ScheduledMessage(TenantOwned, Model):
    """A message that staff wrote and that goes later; at its time it becomes a row of the outbox,
    and this one goes."""

    __tablename__ = "scheduled_message"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("author_id", "user", ondelete="SET NULL (author_id)"),
        CheckConstraint(
            "(content_sid IS NULL) = (content_variables IS NULL)", name="content_whole"
        ),
        # A form posted twice is one message.
        UniqueConstraint("tenant_id", "client_token"),
        Index("ix_scheduled_message_thread", "tenant_id", "customer_id", "send_at"),
        Index("ix_scheduled_message_listed", "tenant_id", "send_at"),
        # What is due next, of all tenants.
        Index("ix_scheduled_message_due", "send_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    author_id: Mapped[int | None]
    channel: Mapped[str]
    subject: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str]
    # The approved template that it was made from, and what fills its gaps.
    content_sid: Mapped[str | None]
    content_variables: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    # From where to where it would have gone when it was written. It goes by what holds at its time;
    # these stand on it where it cannot go then.
    sender: Mapped[str]
    recipient: Mapped[str]
    send_at: Mapped[datetime]
    created_at: Mapped[datetime]
    client_token: Mapped[str | None]

    customer: Mapped[Customer] = relationship(viewonly=True)
    author: Mapped[User | None] = relationship(viewonly=True)
    files: Mapped[list[DraftFile]] = relationship(viewonly=True, order_by="DraftFile.id")
