from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.consent import PLATFORM
from app.tenancy import TenantOwned


class KeptOptOut(TenantOwned, Model):
    """An OptOut of somebody who was erased: its address as a keyed hash (app/lib/keyed_hash.py), by
    which it holds again once the address is known again (app/privacy/kept_opt_outs.py)."""

    __tablename__ = "kept_opt_out"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    # As ConsentEvent has it.
    source: Mapped[str]
    accounts: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=lambda: [PLATFORM], server_default='{""}'
    )
