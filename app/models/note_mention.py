from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class NoteMention(TenantOwned, Model):
    """A user who is named in a note: where its text has @[id], their name is shown."""

    __tablename__ = "note_mention"
    __table_args__ = (
        owned_reference("note_id", "note"),
        owned_reference("user_id", "user"),
        UniqueConstraint("tenant_id", "note_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    note_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int]
