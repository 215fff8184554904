from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ErasedMessage(TenantOwned, Model):
    """A message that was erased, by a keyed hash of its carrier's id: who finds it in a list of the
    carrier's, or in a mailbox, does not take it for a lost one (app/inbound/erased_messages.py)."""

    __tablename__ = "erased_message"
    __table_args__ = (UniqueConstraint("tenant_id", "digest"), Index(None, "until"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    digest: Mapped[str]
    # From then on nobody finds it any more; null: a mailbox may have it for ever.
    until: Mapped[datetime | None]
