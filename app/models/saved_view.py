from sqlalchemy import Identity, Index, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference

LONGEST = 40


class SavedView(TenantOwned, Model):
    """A list of conversations under a name: whose it is, or the whole team's."""

    __tablename__ = "saved_view"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_saved_view_user", "tenant_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    # Who made it; NULL: the operator, for the team.
    user_id: Mapped[int | None]
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    name: Mapped[str]
    # The part of the inbox's address that says which list it is.
    address: Mapped[dict[str, str]] = mapped_column(JSONB)

    user: Mapped[User | None] = relationship(viewonly=True)
