from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class KeptEvent(TenantOwned, Model):
    """An event of a webhook over which our own code broke, until it is stored after all: others
    came with it, so that its carrier tells of it no more."""

    __tablename__ = "kept_event"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index(None, "try_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # A hash of what it says: told again it is kept once.
    key: Mapped[str]
    channel: Mapped[str]
    account: Mapped[str]
    # As it came: a customer's words.
    said: Mapped[str]
    standby: Mapped[bool]
    came_at: Mapped[datetime]
    # When it is tried next; NULL: no more, as the operator sees it (DeadLetter).
    try_at: Mapped[datetime | None]
