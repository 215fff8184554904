"""Where the files of an export lie: in the folder of the business's archives (ARCHIVE_DIR)."""

from contextlib import suppress
from pathlib import Path

from app.models import TenantExport
from app.retention.archive_folder import folder


class Nowhere(Exception):
    """The operator has named no folder, or this host has none of that name."""


def archive(export: TenantExport) -> Path:
    """The file itself, also while it is written. Raises Nowhere."""
    return _folder() / f"export-{export.id}.zip"


def table(export: TenantExport) -> Path:
    """The kind that is being written, as CSV. Raises Nowhere."""
    return _folder() / f".export-{export.id}.csv.part"


def lines(export: TenantExport) -> Path:
    """The same, as lines of JSON. Raises Nowhere."""
    return _folder() / f".export-{export.id}.jsonl.part"


PARTS = table, lines
"""What there is of it only while it is written."""


def remove(export: TenantExport) -> None:
    """All of them, also where they are gone already. Raises Nowhere, OSError."""
    for path in (archive(export), *(part(export) for part in PARTS)):
        with suppress(FileNotFoundError):
            path.unlink()


def _folder() -> Path:
    found = folder()
    if found is None:
        raise Nowhere
    return found
