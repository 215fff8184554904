from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class UnaskedAddress(TenantOwned, Model):
    """An address that has become known, of which nobody has looked yet whether an opt-out is kept:
    until then nothing leaves for it. A trigger writes it where a business keeps any (migration
    0089), app/privacy/kept_opt_outs.py looks."""

    __tablename__ = "unasked_address"
    __table_args__ = (Index(None, "at"),)

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
