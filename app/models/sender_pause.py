from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class SenderPause(TenantOwned, Model):
    """Nothing leaves on this channel for a while: the account or the number is at fault.

    When the pause is over the next message tries, and pauses it again or ends it.
    """

    __tablename__ = "sender_pause"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    code: Mapped[int | None]
    since: Mapped[datetime]
    until: Mapped[datetime]
