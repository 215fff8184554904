from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_key


class MessageTemplate(TenantOwned, Model):
    """What an automatic message of a type says on a channel and in a language, in the tenant's
    words."""

    __tablename__ = "message_template"
    __table_args__ = (
        owned_key(),
        UniqueConstraint("tenant_id", "type", "channel", "language"),
        CheckConstraint("language ~ '^[a-z]{2}$'", name="language_form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    channel: Mapped[str]
    # Two letters (ISO 639-1).
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    subject: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    def __str__(self) -> str:
        return f"{self.type} ({self.channel}, {self.language})"
