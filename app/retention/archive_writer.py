"""Writes an archive: a ZIP that any computer opens, with what is needed to read it inside.

messages.jsonl   each message whole, one JSON object a line
messages.csv     the same in short, for a spreadsheet
attachments/     the pictures and files of the messages
README.txt       says so
"""

import csv
import json
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from app.lib.csv_files.formulas import harmless
from app.retention.archived_message import TABLE, Line, row

MESSAGES, SHEET, README = "messages.jsonl", "messages.csv", "README.txt"
ATTACHMENTS = "attachments/"
# A spreadsheet knows by it that the text is UTF-8.
BOM = "\ufeff"
ABOUT = """Messages of {business}, {name} ({timezone}): {messages}, with {attachments} attachments.

messages.jsonl has each message whole: a JSON object a line (https://jsonlines.org), in the order
of their times, which are ISO 8601 with their offset. messages.csv is the same in short, for a
spreadsheet, with the times of your wall. The files that came with messages, or went with them, lie
in attachments; each message names its own.

The file {name}.zip.sha256 beside this one holds its SHA-256; sha256sum --check compares them.
"""


class ArchiveWriter:
    """Writes one, at a path of its own; whole once it is closed."""

    def __init__(self, path: Path, timezone: str) -> None:
        self._timezone = timezone
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)
        # Only one file of a ZIP can be written at a time: these two wait till the end.
        self._lines, self._rows = (_scratch(path.parent) for _ in range(2))
        csv.writer(self._rows).writerow(TABLE)
        self.messages = self.attachments = 0

    @property
    def size(self) -> int:
        """Bytes so far, before the last are compressed."""
        written = self._zip.fp.tell() if self._zip.fp else 0
        return written + self._lines.tell() + self._rows.tell()

    def add(self, line: Line) -> None:
        self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        csv.writer(self._rows).writerow(map(harmless, row(line, self._timezone)))
        self.messages += 1

    def attach(self, id_: int, name: str, content: bytes) -> str:
        """Where it lies in the archive. Pictures and the like are compressed already."""
        inside = f"{ATTACHMENTS}{id_}-{name}"
        self._zip.writestr(inside, content, ZIP_STORED)
        self.attachments += 1
        return inside

    def copy(self, other: ZipFile, inside: str) -> None:
        """A file of another archive, to the same place."""
        self._zip.writestr(inside, other.read(inside), ZIP_STORED)
        self.attachments += 1

    def finish(self, business: str, name: str) -> None:
        counted = {"messages": self.messages, "attachments": self.attachments}
        about = ABOUT.format(business=business, name=name, timezone=self._timezone, **counted)
        self._zip.writestr(README, about)
        for inside, file, mark in ((MESSAGES, self._lines, ""), (SHEET, self._rows, BOM)):
            self._copy(inside, file, mark)

    def _copy(self, inside: str, file: IO[str], mark: str) -> None:
        file.seek(0)
        with self._zip.open(inside, "w", force_zip64=True) as target:
            target.write(mark.encode())
            while chunk := file.read(1 << 20):
                target.write(chunk.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._lines.close()
        self._rows.close()
        self._zip.close()


def _scratch(folder: Path) -> IO[str]:
    """A file without a name: whoever dies leaves nothing behind."""
    return TemporaryFile("w+", dir=folder, encoding="utf-8", newline="")
