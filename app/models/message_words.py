from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class MessageWords(TenantOwned, Model):
    """What a message is found by: the words of its text, its channel, whose it is and who wrote it.

    A worker writes it some seconds after the message (app/search/indexing.py), so that no webhook
    waits for it; a text that changes is read again by a trigger. Words begin with the tenant.
    """

    __tablename__ = "message_words"
    __table_args__ = (
        owned_reference("message_id", "message"),
        Index("ix_message_words", "words", postgresql_using="gin"),
        # The newest first, within a time.
        Index("ix_message_words_at", "tenant_id", "at", "message_id"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[int]
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(TSVECTOR)
