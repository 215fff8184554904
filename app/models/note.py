from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.done_by import DoneBy
from app.tenancy import TenantOwned, owned_reference


class Note(DoneBy, TenantOwned, Model):
    """What the team writes to itself in a conversation. No customer ever gets it."""

    __tablename__ = "note"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        # A form posted twice is one note.
        UniqueConstraint("tenant_id", "client_token"),
        Index("ix_note_thread", "tenant_id", "customer_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[datetime]
    client_token: Mapped[str | None]
