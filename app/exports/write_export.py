"""Writes an export, as far as it comes in a while.

The rows of a kind go to two files on the disk, and into the ZIP once all are written; attachments
go there at once. How far each file counts is committed with the key of the last row: whoever goes
on after somebody was killed begins behind that, and no row is there twice or missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from app.exports import export_files, transitions
from app.exports.export_readme import readme
from app.exports.export_rows import BOM, as_csv, as_lines, count, file_place, following, header
from app.exports.exported_kinds import KINDS
from app.exports.growing_files import growing, growing_zip, put_on_disk
from app.extensions import db
from app.models import Media, Tenant, TenantExport
from app.tenancy import current_tenant_id

FILES = "files"
PARTS = (*KINDS, FILES)
# So many attachments are listed at once; each is read alone.
LISTED = 100

Over = Callable[[], bool]


def write(export: TenantExport, over: Over, now: datetime) -> None:
    """Go on with it until that is over, or it is ready. The caller holds its row, and commits.
    Raises OSError, Nowhere."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if not export.part:
        _begin(export)
    path = export_files.archive(export)
    with growing_zip(path, export.zip_bytes) as archive:
        whole = _Turn(export, archive, ZoneInfo(tenant.timezone), over).take()
        if whole:
            archive.writestr("README.txt", readme(tenant, export, now))
    export.zip_bytes = path.stat().st_size
    if whole:
        export_files.table(export).unlink(missing_ok=True)
        export_files.lines(export).unlink(missing_ok=True)
        transitions.ready(export, now)


def _begin(export: TenantExport) -> None:
    """Count what there is to do: an attachment is a row, and a file."""
    counts = {name: count(kind) for name, kind in KINDS.items()}
    export.total = sum(counts.values()) + counts["attachments"]
    export.part = PARTS[0]


@dataclass(frozen=True)
class _Turn:
    export: TenantExport
    archive: ZipFile
    zone: ZoneInfo
    over: Over

    def take(self) -> bool:
        """Whether all parts are in the archive now."""
        while self._part():
            place = PARTS.index(self.export.part) + 1
            if place == len(PARTS):
                return True
            self.export.part, self.export.after = PARTS[place], None
            if self.over():
                break
        return False

    def _part(self) -> bool:
        """Whether all of the part that it is at is in the archive now."""
        export = self.export
        if export.part == FILES:
            return self._attachments()
        if not self._rows():
            return False
        self.archive.write(export_files.table(export), f"csv/{export.part}.csv")
        self.archive.write(export_files.lines(export), f"json/{export.part}.jsonl")
        export.csv_bytes = export.lines_bytes = 0
        return True

    def _rows(self) -> bool:
        """Whether all of the kind are written."""
        export = self.export
        with (
            growing(export_files.table(export), export.csv_bytes) as table,
            growing(export_files.lines(export), export.lines_bytes) as lines,
        ):
            if not export.csv_bytes:
                table.write((BOM + as_csv([header(KINDS[export.part])])).encode())
            while self._batch(table, lines):
                if self.over():
                    put_on_disk(table)
                    put_on_disk(lines)
                    export.csv_bytes, export.lines_bytes = table.tell(), lines.tell()
                    return False
        return True

    def _batch(self, table: BinaryIO, lines: BinaryIO) -> bool:
        """Whether there may be more of the kind."""
        export, kind = self.export, KINDS[self.export.part]
        rows, export.after = following(kind, export.after, self.zone)
        table.write(as_csv([*row.values()] for row in rows).encode())
        lines.write(as_lines(rows).encode())
        export.counts = {
            **export.counts,
            export.part: export.counts.get(export.part, 0) + len(rows),
        }
        export.done += len(rows)
        return len(rows) == kind.at_once

    def _attachments(self) -> bool:
        """Whether all are written."""
        while len(found := self._listed()) == LISTED:
            self.export.after = [found[-1].id]
            if self.over():
                return False
        return True

    def _listed(self) -> Sequence[Row[int, str, str]]:
        """The next attachments, written."""
        listed = select(Media.id, Media.name, Media.content_type)
        behind = Media.id > (self.export.after or [0])[0]
        found = db.session.execute(listed.where(behind).order_by(Media.id).limit(LISTED)).all()
        for id_, name, content_type in found:
            content = db.session.scalar(select(Media.content).where(Media.id == id_))
            if content is not None:
                self.archive.writestr(file_place(id_, name, content_type), content, ZIP_STORED)
        self.export.done += len(found)
        return found
