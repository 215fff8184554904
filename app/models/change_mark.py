from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ChangeMark(TenantOwned, Model):
    """When a row was changed last, or deleted: what a program asks for that keeps a copy.

    Triggers write it (migration 0097): whoever changes a row cannot forget it. It has no reference
    to the row, which it outlives.
    """

    __tablename__ = "change_mark"
    __table_args__ = (Index("ix_change_mark_at", "tenant_id", "kind", "at", "row_id"),)

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    # The row's table.
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    # When the statement ran that did it; its transaction ended later.
    at: Mapped[datetime]
    gone: Mapped[bool]
