from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    LargeBinary,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ImportStatus(StrEnum):
    """What they mean, and what leads from one to the next: app/imports/transitions.py."""

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


class FileImport(TenantOwned, Model):
    """A file that a business uploads: of what it is, how far it is, and what became of its rows."""

    # As it was called when it took appointments alone: the code before goes on working.
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
        CheckConstraint(
            "kind IN ('customers', 'appointments', 'services', 'staff', 'consent', 'marketing')",
            name="kind_known",
        ),
        CheckConstraint(
            "status IN ('mapping', 'checking', 'checked', 'importing', 'done', 'undoing',"
            " 'undone', 'failed')",
            name="status_known",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(default="appointments", server_default="appointments")
    status: Mapped[str] = mapped_column(
        default=ImportStatus.IMPORTING, server_default=ImportStatus.IMPORTING
    )
    name: Mapped[str]
    # Until it is worked through: nobody's telephone numbers are kept twice for longer.
    file: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    # Where the code before this one keeps it: appointments, to be taken as they are.
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    # By column of the file: our name of what is in it, or nothing; null: as its header says.
    columns: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    # Whether 3/4 is a day of April; null: no date of the file can be read in two ways.
    day_first: Mapped[bool | None]
    announce: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether the customers whose appointments it moves or cancels are told.
    tell: Mapped[bool] = mapped_column(default=False, server_default=false())
    rows: Mapped[int]
    # How many of them are behind us; while it is undone, how many changes.
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    # Of a look before it is taken: what they would be.
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    rejected: Mapped[int] = mapped_column(default=0, server_default="0")
    # [line of the file, reason] of the first of them; once it is undone, of what stays.
    reasons: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    # [service or staff member, name] of those that the rows named and nobody knew.
    made: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    # Changes that were taken back.
    undone: Mapped[int] = mapped_column(default=0, server_default="0")
    # How often in a row our own code broke over it, and what staff are told when it is given up.
    faults: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    worked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # Since when nothing of it is under way or waits for a person.
    finished_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
