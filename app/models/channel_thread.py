from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ChannelThread(TenantOwned, Model):
    """What a carrier holds of its thread with a customer, on a channel with a session window; of
    WhatsApp the conversation says it."""

    __tablename__ = "channel_thread"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        UniqueConstraint("tenant_id", "customer_id", "channel"),
        Index("ix_channel_thread_to_ask", "id", postgresql_where=text("asked_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    channel: Mapped[str]
    # When the customer last did what opens its session window.
    opened_at: Mapped[datetime | None]
    # When the carrier was asked what the customer is called; NULL: not yet.
    asked_at: Mapped[datetime | None]
    # Until when another app of the carrier's answers there, so that we cannot.
    held_until: Mapped[datetime | None]
