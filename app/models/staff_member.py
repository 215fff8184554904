from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class StaffMember(TenantOwned, Model):
    """Who serves the customers; need not be somebody who signs in."""

    __tablename__ = "staff_member"
    __table_args__ = (
        owned_reference("user_id", "user", "SET NULL (user_id)"),
        UniqueConstraint("tenant_id", "name"),
        UniqueConstraint("tenant_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    # Who they are where they sign in.
    user_id: Mapped[int | None]
    # Whether they work by their own rows of StaffInterval; else whenever the business is open.
    own_hours: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Counts the changes of their hours, so that nobody writes over one that they have not seen.
    hours_version: Mapped[int] = mapped_column(default=0, server_default="0")

    def __str__(self) -> str:
        return self.name
