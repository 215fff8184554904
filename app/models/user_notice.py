from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.customer import Customer
from app.models.done_by import DoneBy
from app.models.note import Note
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference


class NoticeKind(StrEnum):
    MENTION = "mention"
    """Somebody named them in a note."""
    ASSIGNED = "assigned"
    """Somebody gave them a conversation."""
    ASKED = "asked"
    """A rule asks that somebody looks."""
    PROMISED = "promised"
    """What was promised to a customer is due."""


class UserNotice(DoneBy, TenantOwned, Model):
    """What somebody who works here is told in the product itself (elsewhere: in-app notification);
    who did it is in the columns of DoneBy."""

    __tablename__ = "user_notice"
    __table_args__ = (
        owned_reference("recipient_id", "user"),
        owned_reference("customer_id", "customer"),
        owned_reference("note_id", "note"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        CheckConstraint("kind IN ('mention', 'assigned', 'asked', 'promised')", name="kind_known"),
        Index("ix_user_notice_list", "tenant_id", "recipient_id", "at", "id"),
        Index("ix_user_notice_at", "at"),
        Index("ix_user_notice_email", "email_at", postgresql_where=text("email_at IS NOT NULL")),
        # What is told again before it was read is one notice.
        Index(
            "uq_user_notice_unread",
            "tenant_id",
            "recipient_id",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=text("read_at IS NULL AND note_id IS NULL"),
        ),
        Index(
            "ix_user_notice_unread",
            "tenant_id",
            "recipient_id",
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    recipient_id: Mapped[int]
    kind: Mapped[str]
    customer_id: Mapped[int]
    # Of a mention: the note.
    note_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # When an email tells them, unless they have read it by then; null: none does, or did.
    email_at: Mapped[datetime | None]

    # Who did it, and not whom it is for.
    user: Mapped[User | None] = relationship(viewonly=True, foreign_keys="UserNotice.user_id")
    customer: Mapped[Customer] = relationship(viewonly=True)
    note: Mapped[Note | None] = relationship(viewonly=True)
