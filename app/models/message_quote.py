from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class MessageQuote(TenantOwned, Model):
    """What a customer's message answers: they chose another one on their telephone and replied."""

    __tablename__ = "message_quote"
    __table_args__ = (
        owned_reference("message_id", "message"),
        UniqueConstraint("tenant_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    # The carrier's id of the other one, which may be none that we know.
    quoted_sid: Mapped[str]
