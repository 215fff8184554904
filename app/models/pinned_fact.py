from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    ScalarSelect,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class PinnedFact(TenantOwned, Model):
    """What everybody should know of a customer before they come: an allergy, where they park."""

    __tablename__ = "pinned_fact"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        # What is pinned twice is there once.
        UniqueConstraint("tenant_id", "customer_id", "fact"),
        CheckConstraint("char_length(fact) BETWEEN 1 AND 200", name="fact_short"),
        # For the foreign key: a deleted user is looked for here.
        Index(
            "ix_pinned_fact_user",
            "tenant_id",
            "user_id",
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    fact: Mapped[str]
    # Who wrote it so, and when.
    user_id: Mapped[int | None]
    at: Mapped[datetime]
    # Counts how often it was changed: whoever changes it names the one that they saw.
    version: Mapped[int] = mapped_column(default=1, server_default="1")


def facts_of(customer_id: Any) -> ScalarSelect[Any]:
    """All that is pinned to the customer of a column, the first first; NULL: nothing is."""
    in_order = aggregate_order_by(PinnedFact.fact, PinnedFact.id)
    theirs = select(func.array_agg(in_order)).where(PinnedFact.customer_id == customer_id)
    return theirs.correlate_except(PinnedFact).scalar_subquery()
