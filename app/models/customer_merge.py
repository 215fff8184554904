from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.customer import Customer
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference


class CustomerMerge(TenantOwned, Model):
    """Two rows turned out to be one person: what was the gone one's is the kept one's, until it is
    undone (docs/adr/0032-merging.md). The gone row stays, and points to the kept one."""

    __tablename__ = "customer_merge"
    __table_args__ = (
        owned_reference("kept_id", "customer"),
        owned_reference("gone_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        CheckConstraint("kept_id <> gone_id", name="two"),
        Index("ix_customer_merge_kept", "tenant_id", "kept_id", "id"),
        # For the foreign keys.
        Index("ix_customer_merge_gone", "tenant_id", "gone_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kept_id: Mapped[int]
    gone_id: Mapped[int]
    # Who did it; null: an operator, or somebody who is gone.
    user_id: Mapped[int | None]
    # The channel whose webhook named both; empty: a person has decided.
    known_by: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    # What was changed beside the rows that moved, as it was before and after
    # (app/customers/merging/changed.py).
    changed: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    kept: Mapped[Customer] = relationship(
        viewonly=True, foreign_keys="CustomerMerge.tenant_id, CustomerMerge.kept_id"
    )
    gone: Mapped[Customer] = relationship(
        viewonly=True, foreign_keys="CustomerMerge.tenant_id, CustomerMerge.gone_id"
    )
    user: Mapped[User | None] = relationship(viewonly=True)


class CustomerMergePart(TenantOwned, Model):
    """Rows of one table that were the gone customer's, and moved."""

    __tablename__ = "customer_merge_part"
    __table_args__ = (
        owned_reference("merge_id", "customer_merge"),
        Index("ix_customer_merge_part_merge", "tenant_id", "merge_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    merge_id: Mapped[int] = mapped_column(BigInteger)
    table_name: Mapped[str]
    column_name: Mapped[str]
    ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
