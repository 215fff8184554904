from datetime import date

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.opening_interval import OpeningInterval
from app.tenancy import TenantOwned


class HoursException(TenantOwned, Model):
    """A date on which a business is not open as the weekday and the holidays say.

    Its own intervals count; with none it is closed, or as_usual: as on the weekday, holiday or not.
    """

    __tablename__ = "hours_exception"
    __table_args__ = (UniqueConstraint("tenant_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    note: Mapped[str] = mapped_column(default="", server_default="")
    as_usual: Mapped[bool] = mapped_column(default=False, server_default=false())

    intervals: Mapped[list[OpeningInterval]] = relationship(
        order_by=OpeningInterval.opens, passive_deletes=True, cascade="all, delete-orphan"
    )
