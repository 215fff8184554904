from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class Service(TenantOwned, Model):
    """What can be booked: a haircut, a check-up, an oil change."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration_within_a_day"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 480", name="buffer_sensible"),
        CheckConstraint("price BETWEEN 0 AND 1000000", name="price_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    duration_minutes: Mapped[int] = mapped_column(default=60)
    active: Mapped[bool] = mapped_column(default=True)
    # How long whoever gave it is busy afterwards, which the customer does not see.
    buffer_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # In the business's currency; NULL: it does not say.
    price: Mapped[Decimal | None] = mapped_column(Numeric())
    # Whether customers may choose a time for it by themselves.
    bookable_online: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether every staff member offers it; else those of its rows of ServiceStaff.
    by_all: Mapped[bool] = mapped_column(default=True, server_default=true())

    def __str__(self) -> str:
        return self.name
