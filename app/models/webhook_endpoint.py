from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class WebhookEndpoint(TenantOwned, Model):
    """Where a business's own system is told of events (app/automation/webhooks)."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("num_nulls(old_secret_sealed, old_secret_until) <> 1", name="old_secret"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_reason = '')", name="why_disabled"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    # What signs, sealed by the vault; after a rotation the one before signs beside it until then.
    secret_sealed: Mapped[str]
    old_secret_sealed: Mapped[str | None]
    old_secret_until: Mapped[datetime | None]
    # The EventTypes that it is told of; what a rule sends it comes beside these.
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    # When nothing more is sent to it, and why in a sentence; empty: it is on.
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str] = mapped_column(default="", server_default="")
    # The first failure since it last answered well; null: it did, the last time.
    failing_since: Mapped[datetime | None]
    # It asked for so much quiet (Retry-After).
    quiet_until: Mapped[datetime | None]
    # When one was last taken from its line: of those that wait, whose turn was longest ago is next.
    served_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.name
