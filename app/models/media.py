from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.extensions import Model
from app.lib.file_names import whole
from app.lib.safe_media import is_picture, is_sound
from app.tenancy import TenantOwned, owned_reference


class Media(TenantOwned, Model):
    """A picture or file that came with a message; fetched from the provider by a job."""

    __tablename__ = "media"
    __table_args__ = (
        owned_reference("message_id", "message"),
        UniqueConstraint("tenant_id", "message_id", "position"),
        CheckConstraint("state IN ('waiting', 'stored', 'failed')", name="state_known"),
        # Whoever fetches one for a carrier says no business (app/web/media_files.py).
        Index("ix_media_id", "id"),
        Index("ix_media_to_fetch", "fetch_after", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int]
    url: Mapped[str]
    content_type: Mapped[str]
    # As whoever sent it named the file.
    name: Mapped[str] = mapped_column(default="", server_default="")
    # By which an email's HTML names it (RFC 2392); empty: it stands in no text.
    content_id: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    fetch_after: Mapped[datetime]
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it; anything else is offered as a download."""
        return is_picture(self.content_type)

    @property
    def is_sound(self) -> bool:
        """Whether a page can play it."""
        return is_sound(self.content_type)

    @property
    def file_name(self) -> str:
        """What it is saved as."""
        return whole(self.name, self.content_type, self.id)
