from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class Service(TenantOwned, Model):
    """What can be booked: a haircut, a check-up, an oil change."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration_within_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    duration_minutes: Mapped[int] = mapped_column(default=60)
    active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name
