from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class TimeOff(TenantOwned, Model):
    """Whole days on which a staff member is away, the last one included: a holiday, a course."""

    __tablename__ = "time_off"
    __table_args__ = (
        owned_reference("staff_member_id", "staff_member"),
        CheckConstraint("last_day BETWEEN first_day AND first_day + 366", name="within_a_year"),
        Index("ix_time_off_staff_member", "tenant_id", "staff_member_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    staff_member_id: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(default="", server_default="")
