from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, column, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class CustomerSegment(TenantOwned, Model):
    """Customers under a name: those of whom all its filters hold, whenever somebody looks."""

    __tablename__ = "customer_segment"
    __table_args__ = (
        Index("uq_customer_segment_name", "tenant_id", func.lower(column("name")), unique=True),
        CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name_short"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    # By the key of a filter what it asks for (app/segments/segment_filters.py).
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def __str__(self) -> str:
        return self.name
