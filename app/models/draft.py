from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class Draft(TenantOwned, Model):
    """What a user has begun to write to a customer and not sent; nobody else sees it."""

    __tablename__ = "draft"
    __table_args__ = (
        owned_reference("user_id", "user"),
        owned_reference("customer_id", "customer"),
        UniqueConstraint("tenant_id", "user_id", "customer_id"),
        # For the foreign key: a deleted customer is looked for here.
        Index("ix_draft_customer", "tenant_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int]
    customer_id: Mapped[int]
    # The channel that was chosen; empty: none was.
    channel: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str] = mapped_column(default="", server_default="")
    updated_at: Mapped[datetime]
