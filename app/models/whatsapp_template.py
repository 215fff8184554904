from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.lib.text.placeholders import gaps
from app.tenancy import TenantOwned


class WhatsappTemplate(TenantOwned, Model):
    """A text that WhatsApp, or Meta for Messenger, has approved: it may be sent outside the session
    window, too."""

    __tablename__ = "whatsapp_template"
    __table_args__ = (
        UniqueConstraint("tenant_id", "channel", "name", "language"),
        UniqueConstraint("tenant_id", "content_sid"),
        CheckConstraint(
            "channel <> 'whatsapp' OR content_sid ~ '^HX[0-9a-f]{32}$'", name="content_sid_form"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str] = mapped_column(default="whatsapp", server_default="whatsapp")
    # Twilio's name for it; at Meta its name and its language.
    content_sid: Mapped[str]
    body: Mapped[str]
    # Why WhatsApp takes nothing made from it, as it said when asked last; empty: it does.
    refused: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def variables(self) -> list[str]:
        """The numbers of its gaps, in their order."""
        return gaps(self.body)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
