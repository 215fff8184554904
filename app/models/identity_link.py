from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class IdentityLink(TenantOwned, Model):
    """A carrier's webhook named this address beside the customer's own, and it is another
    customer's: both are one person (app/customers/merging/join_identities.py)."""

    __tablename__ = "identity_link"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        # Told again it changes nothing, whatever has become of it.
        UniqueConstraint("tenant_id", "customer_id", "channel", "address"),
        Index(
            "ix_identity_link_open", "tenant_id", "id", postgresql_where=text("settled_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Who wrote.
    customer_id: Mapped[int]
    channel: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    # When it was looked at, and they were joined or left to people; null: it waits.
    settled_at: Mapped[datetime | None]
