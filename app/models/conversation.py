from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.call import Call
from app.models.customer import Customer
from app.models.reply import Reply
from app.tenancy import TenantOwned, owned_key, owned_reference

# Stands for the direction where the last was a call that nobody took; "call": somebody did.
MISSED_CALL = "missed_call"


class Conversation(TenantOwned, Model):
    """All that was said with one customer; carries what the inbox shows of it."""

    __tablename__ = "conversation"
    __table_args__ = (
        owned_key(),
        owned_reference("customer_id", "customer"),
        owned_reference("open_reply_id", "reply", ondelete="SET NULL (open_reply_id)"),
        owned_reference("last_call_id", "call", ondelete="SET NULL (last_call_id)"),
        UniqueConstraint("tenant_id", "customer_id"),
        Index("ix_conversation_inbox", "tenant_id", "last_message_at", "id"),
        Index(
            "ix_conversation_open_reply",
            "tenant_id",
            "open_reply_id",
            postgresql_where=text("open_reply_id IS NOT NULL"),
        ),
        # For the foreign key: a deleted call is looked for here.
        Index(
            "ix_conversation_last_call",
            "tenant_id",
            "last_call_id",
            postgresql_where=text("last_call_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    last_message_at: Mapped[datetime]
    last_message_id: Mapped[int] = mapped_column(BigInteger)
    last_channel: Mapped[str]
    last_direction: Mapped[str]
    preview: Mapped[str]
    unread_count: Mapped[int] = mapped_column(default=0)
    # When the customer last wrote by WhatsApp: its session window opens there.
    whatsapp_inbound_at: Mapped[datetime | None]

    # Their last call that nobody took, until staff have seen it and it is no longer the last.
    last_call_id: Mapped[int | None]

    # The answer to a reminder that waits for a person.
    open_reply_id: Mapped[int | None] = mapped_column(BigInteger)
    # The message in which they may ask for no more messages: what would go to them by itself waits
    # until a person has decided.
    stop_asked_id: Mapped[int | None] = mapped_column(BigInteger)

    customer: Mapped[Customer] = relationship(overlaps="open_reply,last_call")
    open_reply: Mapped[Reply | None] = relationship(viewonly=True)
    last_call: Mapped[Call | None] = relationship(viewonly=True)

    @property
    def call_missed(self) -> bool:
        """Whether the last that they did was to call, and nobody took it."""
        return self.last_direction == MISSED_CALL

    def session_ends_at(self, window: timedelta) -> datetime | None:
        """Until when free text may be sent by WhatsApp; None when they never wrote by it."""
        return self.whatsapp_inbound_at and self.whatsapp_inbound_at + window
