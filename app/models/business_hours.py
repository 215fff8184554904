from datetime import datetime

from sqlalchemy import ForeignKey, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class BusinessHours(TenantOwned, Model):
    """That a business has said when it is open, and what it does on public holidays.

    The hours themselves are its rows of OpeningInterval; with none it is never open.
    """

    __tablename__ = "business_hours"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    # Counts the changes, so that nobody writes over one that they have not seen.
    version: Mapped[int]
    # Whether it is closed on the public holidays of its country, and of a region of it (ISO 3166-2
    # without the country), but for those of these names, as the library `holidays` has them.
    holidays: Mapped[bool] = mapped_column(default=False, server_default=false())
    region: Mapped[str | None]
    open_holidays: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
