from sqlalchemy import BigInteger, CheckConstraint, Identity, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class StaffInterval(TenantOwned, Model):
    """From when to when a staff member with own_hours works on a weekday; between two of them is a
    break. In minutes, as those of OpeningInterval."""

    __tablename__ = "staff_interval"
    __table_args__ = (
        owned_reference("staff_member_id", "staff_member"),
        UniqueConstraint("tenant_id", "staff_member_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint(
            "opens BETWEEN 0 AND 1439 AND closes > opens AND closes - opens <= 1440",
            name="within_a_day",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    staff_member_id: Mapped[int]
    # Monday is 0.
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[int]
    closes: Mapped[int]
