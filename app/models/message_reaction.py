from datetime import datetime

from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class MessageReaction(TenantOwned, Model):
    """The emoji that somebody put to a message, by the carrier's id of that; each has one."""

    __tablename__ = "message_reaction"
    __table_args__ = (UniqueConstraint("tenant_id", "sid", "address"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sid: Mapped[str]
    # Whose it is.
    address: Mapped[str]
    # Empty: taken back.
    emoji: Mapped[str]
    at: Mapped[datetime]
