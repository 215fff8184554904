from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.done_by import DoneBy
from app.tenancy import TenantOwned, owned_reference


class ConversationLabel(DoneBy, TenantOwned, Model):
    """A label on the conversation with a customer, and who put it there."""

    __tablename__ = "conversation_label"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("label_id", "label"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        UniqueConstraint("tenant_id", "customer_id", "label_id"),
        # For the foreign key, and for those who have the label.
        Index("ix_conversation_label_label", "tenant_id", "label_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    label_id: Mapped[int]
    at: Mapped[datetime]
