from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ImportChange(TenantOwned, Model):
    """What a row of an imported file made or changed: kept for a day, to be undone by."""

    __tablename__ = "import_change"
    __table_args__ = (
        owned_reference("import_id", "appointment_import"),
        Index("ix_import_change_import", "tenant_id", "import_id", "id"),
        # Whom a file has told of already.
        Index("ix_import_change_row", "tenant_id", "import_id", "what", "row_id"),
        Index("ix_import_change_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    import_id: Mapped[int] = mapped_column(BigInteger)
    # Of the file.
    line: Mapped[int]
    # The table of the row, and its id there; of an opt-out the ledger's.
    what: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigInteger)
    # The values of those columns that were changed; null: the row was made, or only met.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # Why it was not undone, as staff read it.
    kept: Mapped[str | None]
    at: Mapped[datetime]
