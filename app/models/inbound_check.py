from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class InboundCheck(TenantOwned, Model):
    """When the carrier's list of a business's channel is next compared with what we have."""

    __tablename__ = "inbound_check"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
