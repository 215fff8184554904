from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class CustomerWords(TenantOwned, Model):
    """What a customer is found by: words of the name, parts of numbers and of email addresses.

    The database keeps it true by triggers; each word begins with the tenant (docs/adr/0022), so
    that a look for it meets nothing of another's.
    """

    __tablename__ = "customer_words"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        Index("ix_customer_words", "words", postgresql_using="gin"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(TSVECTOR)
