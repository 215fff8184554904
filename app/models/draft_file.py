from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class DraftFile(TenantOwned, Model):
    """A picture or file that waits to be sent: in a user's draft, or with a scheduled message."""

    __tablename__ = "draft_file"
    __table_args__ = (
        owned_reference("user_id", "user"),
        owned_reference("customer_id", "customer"),
        owned_reference("scheduled_id", "scheduled_message"),
        Index("ix_draft_file_whose", "tenant_id", "customer_id", "user_id"),
        Index("ix_draft_file_scheduled", "tenant_id", "scheduled_id"),
        # What was never sent is forgotten.
        Index("ix_draft_file_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    # Who uploaded it; NULL: an operator, who is no user of the business.
    user_id: Mapped[int | None]
    # NULL: it is still in the draft.
    scheduled_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
