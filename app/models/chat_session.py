from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ChatSession(TenantOwned, Model):
    """A browser that chats with a business; app/webchat/visitor_sessions.py says how long it holds.

    What it says of itself (typed_…, page_…) nobody has verified. There is no customer before it has
    written something.
    """

    __tablename__ = "chat_session"
    __table_args__ = (
        # SHA-256 of the token: whoever reads this table cannot speak for a visitor.
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_chat_session_address", "tenant_id", "address"),
        Index("ix_chat_session_seen", "tenant_id", "last_seen_at"),
        # What is long over, of all tenants.
        Index("ix_chat_session_old", "last_seen_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # The visitor's on the channel: random, or of whom the business's site has signed in.
    address: Mapped[str]
    token_hash: Mapped[str]
    # Whom the business's site calls so (the JWT's sub); NULL: nobody has signed them in.
    identity: Mapped[str | None]
    # As the JWT has it, or as typed.
    name: Mapped[str] = mapped_column(default="", server_default="")
    typed_email: Mapped[str] = mapped_column(default="", server_default="")
    typed_phone: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    # Where on the business's site they are, as their browser says.
    page_url: Mapped[str] = mapped_column(default="", server_default="")
    page_title: Mapped[str] = mapped_column(default="", server_default="")
    # From where it last wrote: for the block list alone.
    ip: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # When the JWT ends; NULL: as long as it is used.
    expires_at: Mapped[datetime | None]
    # The visitor has ended it.
    ended_at: Mapped[datetime | None]
