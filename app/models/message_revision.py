from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class MessageRevision(TenantOwned, Model):
    """What a carrier says became of a message afterwards: whoever wrote it changed it, or took it
    back. By the carrier's id, as it may come before its message does."""

    __tablename__ = "message_revision"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sid", "number"),
        CheckConstraint("number >= -1", name="number_known"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sid: Mapped[str]
    # 0: as it was at first; from 1 on the edits, in their order; -1: it was taken back.
    number: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime]
