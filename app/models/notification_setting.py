from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class NotificationSetting(TenantOwned, Model):
    """How a business wants the automatic messages of a type."""

    __tablename__ = "notification_setting"
    __table_args__ = (UniqueConstraint("tenant_id", "type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    enabled: Mapped[bool]
    channel: Mapped[str]
    # Whether another channel is taken where this one cannot reach the customer.
    falls_back: Mapped[bool]
    # What the type alone knows (app/notifications/types): hours before, link, …
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
