from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class HealthResult(TenantOwned, Model):
    """What a check found last (app/health): of a business; without a tenant, of the platform."""

    __tablename__ = "health_result"
    __table_args__ = (
        UniqueConstraint("tenant_id", "check", postgresql_nulls_not_distinct=True),
        CheckConstraint("state IN ('broken', 'warning', 'ok')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    check: Mapped[str]
    state: Mapped[str]
    sentence: Mapped[str]
    next_step: Mapped[str]
    at: Mapped[datetime]
