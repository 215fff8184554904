from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class PushSubscription(TenantOwned, Model):
    """Where the push service of somebody's browser takes what it shows them (Push API, W3C); it
    counts as long as their session there does. app/push writes it."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_push_subscription_user", "tenant_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(BigInteger)
    # An address at the browser's maker, which nobody else knows.
    endpoint: Mapped[str] = mapped_column(unique=True)
    # What the browser reads by (RFC 8291), in base64url.
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
