from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ChatBlock(TenantOwned, Model):
    """Whose chat messages a business does not want: a visitor's, or all from a network."""

    __tablename__ = "chat_block"
    __table_args__ = (
        UniqueConstraint("tenant_id", "address"),
        UniqueConstraint("tenant_id", "network"),
        CheckConstraint("num_nonnulls(address, network) = 1", name="one_of_both"),
        owned_reference("blocked_by_id", "user", ondelete="SET NULL (blocked_by_id)"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Of a ChatSession.
    address: Mapped[str | None]
    # CIDR (RFC 4632), such as 203.0.113.0/24.
    network: Mapped[str | None]
    # What the page of the list shows of it.
    note: Mapped[str] = mapped_column(default="", server_default="")
    blocked_by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
