import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ArchiveState(StrEnum):
    WRITING = "writing"
    """Its file is not whole yet: nothing was deleted."""
    WRITTEN = "written"
    """Its file is on the disk; what is in it is being deleted."""
    DONE = "done"


class MessageArchive(TenantOwned, Model):
    """A file of a business's old messages of one month, which go from the database once it is
    whole (app/retention). The file's name and place follow from the row."""

    __tablename__ = "message_archive"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("state IN ('writing', 'written', 'done')", name="state_known"),
        # A business has one under way.
        Index(
            "uq_message_archive_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("state <> 'done'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # The month, such as 2023-04; 2023-04-2 holds more of it.
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default=ArchiveState.WRITING, server_default="writing")
    # Who works at it, until when.
    claim: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    # Messages of this time are in it: from then on, up to but not including.
    since: Mapped[datetime]
    until: Mapped[datetime]
    messages: Mapped[int] = mapped_column(default=0, server_default="0")
    attachments: Mapped[int] = mapped_column(default=0, server_default="0")
    # How many of its messages have gone from the database.
    deleted: Mapped[int] = mapped_column(default=0, server_default="0")
    # Of the file: bytes, and SHA-256 in hexadecimal digits.
    size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    sha256: Mapped[str] = mapped_column(default="", server_default="")
    begun_at: Mapped[datetime]
