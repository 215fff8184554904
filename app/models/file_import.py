from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, false, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class AppointmentImport(TenantOwned, Model):
    """A file of appointments that is worked through, and what became of its rows."""

    __tablename__ = "appointment_import"
    __table_args__ = (
        # One at a time for each tenant.
        Index(
            "uq_appointment_import_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_appointment_import_to_do",
            "worked_at",
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_appointment_import_listed", "tenant_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    # Until it is worked through: nobody's telephone numbers are kept twice for longer.
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    announce: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether the customers whose appointments it moves or cancels are told.
    tell: Mapped[bool] = mapped_column(default=False, server_default=false())
    rows: Mapped[int]
    # How many of them are behind us.
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    rejected: Mapped[int] = mapped_column(default=0, server_default="0")
    # [line of the file, reason] of the first of them.
    reasons: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    # [service or staff member, name] of those that the rows named and nobody knew.
    made: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    # How often in a row our own code broke over it, and what staff are told when it is given up.
    faults: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    worked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
