from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ButtonCard(TenantOwned, Model):
    """A content template at Twilio that puts buttons under a text: made once for each shape of a
    text and each language, and filled in for each message (app/outbox/delivery/button_cards.py)."""

    __tablename__ = "button_card"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_sid", "digest"),
        Index(
            "ix_button_card_to_make", "ask_after", postgresql_where=text("ask_after IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_sid: Mapped[str]
    # Of its definition, which is what Twilio is told.
    digest: Mapped[str]
    definition: Mapped[dict[str, object]] = mapped_column(JSONB)
    # Null: it is not made yet, and texts go without buttons.
    content_sid: Mapped[str | None]
    # When Twilio is asked to make it, or whether it is still there; null: not any more.
    ask_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # Why Twilio did not make it, in a sentence; empty: nothing is wrong.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
