from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.whatsapp_template import WhatsappTemplate
from app.tenancy import TenantOwned, owned_reference


class MessageTemplate(TenantOwned, Model):
    """What an automatic message of a type says on a channel and in a language, in the tenant's
    words."""

    __tablename__ = "message_template"
    __table_args__ = (
        owned_reference("approved_id", "whatsapp_template", ondelete="SET NULL (approved_id)"),
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
    # What goes in its place where free text may not, and which variable fills which of its gaps.
    approved_id: Mapped[int | None]
    gaps: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    approved: Mapped[WhatsappTemplate | None] = relationship(viewonly=True)

    @property
    def goes_any_time(self) -> bool:
        """Whether an approved template stands in for it, with a variable for each gap."""
        stand_in = self.approved if self.approved and not self.approved.refused else None
        return stand_in is not None and self.gaps.keys() == set(stand_in.variables)

    def __str__(self) -> str:
        return f"{self.type} ({self.channel}, {self.language})"
