from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ServiceStaff(TenantOwned, Model):
    """That a staff member offers a service which not everybody offers (Service.by_all)."""

    __tablename__ = "service_staff"
    __table_args__ = (
        owned_reference("service_id", "service"),
        owned_reference("staff_member_id", "staff_member"),
        # For the foreign key: a deleted staff member is looked for here.
        Index("ix_service_staff_staff_member", "tenant_id", "staff_member_id"),
    )

    service_id: Mapped[int] = mapped_column(primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(primary_key=True)
