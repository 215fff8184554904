from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, ScalarSelect, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship, validates

from app.extensions import Model
from app.models.customer import Customer
from app.tenancy import TenantOwned, owned_reference


class ContactPoint(TenantOwned, Model):
    """A customer's address on a channel: E.164 number, WhatsApp user id, email."""

    __tablename__ = "contact_point"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        # One address is one person of the business, whichever message comes first.
        UniqueConstraint("tenant_id", "channel", "address"),
        Index("ix_contact_point_customer", "tenant_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    channel: Mapped[str]
    address: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # Since then emails come back from there: nobody has such a mailbox. Whoever writes from it ends
    # that.
    invalid_since: Mapped[datetime | None]
    # When it last wrote or took something by RCS; null: never, or it fell back to SMS since.
    rcs_seen_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(back_populates="contact_points")

    @validates("address")
    def _may_exist(self, _name: str, address: str) -> str:
        """Of another address nobody knows yet that it is none."""
        if address != self.address:
            self.invalid_since = None
        return address

    def __str__(self) -> str:
        return self.address


def addresses_of(customer_id: InstrumentedAttribute[int]) -> ScalarSelect[Any]:
    """A column with all addresses of the customer whose id another column is, the first known
    first; null where there is none."""
    in_order = func.array_agg(aggregate_order_by(ContactPoint.address, ContactPoint.id))
    known = select(in_order).where(ContactPoint.customer_id == customer_id)
    return known.correlate_except(ContactPoint).scalar_subquery()
