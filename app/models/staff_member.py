from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_key


class StaffMember(TenantOwned, Model):
    """Who serves the customers; need not be somebody who signs in."""

    __tablename__ = "staff_member"
    __table_args__ = (owned_key(), UniqueConstraint("tenant_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name
