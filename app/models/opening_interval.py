from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class OpeningInterval(TenantOwned, Model):
    """From when to when a business is open: on a weekday, or on the date of an exception.

    In minutes after the midnight with which that day begins, by the clock on its wall. What goes
    on over midnight closes after more than 1440, and belongs to the day on which it opens.
    """

    __tablename__ = "opening_interval"
    __table_args__ = (
        owned_reference("exception_id", "hours_exception"),
        UniqueConstraint("tenant_id", "weekday", "opens"),
        UniqueConstraint("tenant_id", "exception_id", "opens"),
        CheckConstraint("num_nonnulls(weekday, exception_id) = 1", name="of_one_day"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint(
            "opens BETWEEN 0 AND 1439 AND closes > opens AND closes - opens <= 1440",
            name="within_a_day",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Monday is 0.
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    exception_id: Mapped[int | None]
    opens: Mapped[int]
    closes: Mapped[int]
