from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class MarketingConsent(TenantOwned, Model):
    """The ledger of marketing: who agreed at which address to get offers, or no longer does.

    Rows are only ever added, and the last of an address counts, unless a STOP came after it
    (app/customers/marketing.py). They name the address and not the customer, as ConsentEvent does.
    """

    __tablename__ = "marketing_consent"
    __table_args__ = (
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        CheckConstraint("said IN ('yes', 'no')", name="said_known"),
        CheckConstraint("source IN ('staff', 'import')", name="source_known"),
        # Nobody agreed of whom it is not known how.
        CheckConstraint("said = 'no' OR evidence <> ''", name="yes_is_proven"),
        Index("ix_marketing_consent_address", "tenant_id", "channel", "address", "id"),
        # For the foreign key: a deleted user is looked for here.
        Index(
            "ix_marketing_consent_user",
            "tenant_id",
            "user_id",
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    said: Mapped[str]
    source: Mapped[str]
    # Who recorded it here, and when.
    user_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    # When they said it, where that is known, and by what.
    given_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="", server_default="")
