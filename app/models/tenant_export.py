from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference


class ExportStatus(StrEnum):
    """What they mean, and what leads from one to the next: app/exports/transitions.py."""

    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"


class TenantExport(TenantOwned, Model):
    """All that a business has, as a file to take along: how far it is, and until when it is there.
    Where the file lies follows from the row (app/exports/export_files.py)."""

    __tablename__ = "tenant_export"
    __table_args__ = (
        owned_reference("asked_by_id", "user", ondelete="SET NULL (asked_by_id)"),
        CheckConstraint("status IN ('writing', 'ready', 'failed', 'ended')", name="status_known"),
        CheckConstraint("(status = 'ready') <= (ends_at IS NOT NULL)", name="ready_ends"),
        # A business has one under way.
        Index(
            "uq_tenant_export_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("status = 'writing'"),
        ),
        Index("ix_tenant_export_to_do", "worked_at", postgresql_where=text("status = 'writing'")),
        Index("ix_tenant_export_ends", "ends_at", postgresql_where=text("status = 'ready'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    status: Mapped[str]
    asked_by_id: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # What is being written: a kind of rows, or the files; and the key of the last that is written.
    part: Mapped[str] = mapped_column(default="", server_default="")
    after: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    # Bytes of the files that count: whatever is behind them was written by somebody who died.
    csv_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    lines_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    zip_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    # Rows and files that are behind us, of how many; and rows of each kind.
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, server_default="{}")
    # How often in a row our own code broke over it, and what an admin is told when it is given up.
    faults: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str] = mapped_column(default="", server_default="")
    worked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # When the file and the link to it end.
    ends_at: Mapped[datetime | None]

    asked_by: Mapped[User | None] = relationship(viewonly=True)
