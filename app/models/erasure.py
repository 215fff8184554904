import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ErasureState(StrEnum):
    ASKED = "asked"
    """Nothing has gone yet, and nothing is sent to them any more."""
    FORGOTTEN = "forgotten"
    """All rows have gone; archives' files are still looked through."""
    DONE = "done"


class Erasure(TenantOwned, Model):
    """A customer is to be erased (GDPR, article 17), or was: of them it knows an id that nobody has
    any more. app/privacy/transitions.py moves it."""

    __tablename__ = "erasure"
    __table_args__ = (
        # Asked for twice it is done once.
        UniqueConstraint("tenant_id", "customer_id"),
        CheckConstraint("state IN ('asked', 'forgotten', 'done')", name="state_known"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="over_when_done"),
        Index("ix_erasure_due", "try_at", postgresql_where=text("state <> 'done'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=ErasureState.ASKED, server_default="asked")
    asked_at: Mapped[datetime]
    # Who asked, as they were called then; empty: nobody who signs in.
    asked_by: Mapped[str] = mapped_column(default="", server_default="")
    # When it is gone on with, and by whom until when.
    try_at: Mapped[datetime]
    claim: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    # What it waits for, in a sentence; empty: nothing.
    waits: Mapped[str] = mapped_column(default="", server_default="")
    # How many rows of each table have gone, and how many opt-outs stay as a keyed hash.
    gone: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    kept: Mapped[int] = mapped_column(default=0, server_default="0")
    # Archives' files that were written anew, and such as could not be read.
    files: Mapped[int] = mapped_column(default=0, server_default="0")
    unread_files: Mapped[int] = mapped_column(default=0, server_default="0")
    # The archive whose new file is being put in its place, and that file's SHA-256.
    archive_id: Mapped[int | None] = mapped_column(BigInteger)
    archive_sha256: Mapped[str | None]
    done_at: Mapped[datetime | None]
    # What the audit log is searched for: a trigger does it and keeps nothing (migration 0089).
    said: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
