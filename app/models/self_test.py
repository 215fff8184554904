from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class SelfTest(TenantOwned, Model):
    """A message that an admin sent to a telephone of their own, to see whether it arrives and an
    answer comes back."""

    __tablename__ = "self_test"
    __table_args__ = (
        owned_reference("message_id", "message", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
