from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ButtonTap(TenantOwned, Model):
    """A customer tapped a button under a message of ours (app/lib/reminder_buttons.py)."""

    __tablename__ = "button_tap"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("message_id", "message"),
        owned_reference("notification_id", "notification", ondelete="SET NULL (notification_id)"),
        # A repeated webhook is one tap, for ever.
        UniqueConstraint("tenant_id", "provider_sid"),
        CheckConstraint("button IN ('confirm', 'cancel', 'click', 'other')", name="button_known"),
        Index("ix_button_tap_customer", "tenant_id", "customer_id"),
        Index(
            "ix_button_tap_message",
            "tenant_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        # For the foreign key: a deleted notification is looked for here.
        Index(
            "ix_button_tap_notification",
            "tenant_id",
            "notification_id",
            postgresql_where=text("notification_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    # The message as which it came; of a click there is none.
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    provider_sid: Mapped[str]
    button: Mapped[str]
    # What it stood under, where that is the customer's own; null: it does not say.
    notification_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
