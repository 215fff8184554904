"""An archive's file once more, without one customer's messages and attachments."""

import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from app.retention.archive_file import Broken
from app.retention.archive_writer import ATTACHMENTS, MESSAGES, ArchiveWriter
from app.retention.archived_message import Line


def holds(path: Path, customer_id: int) -> bool:
    """Whether a message of theirs is in it. Raises Broken."""
    return any(_whose(line) == customer_id for line in lines_of(path))


def lines_of(path: Path) -> Iterator[Line]:
    """Its messages. Raises Broken where it cannot be read."""
    try:
        with ZipFile(path) as file, file.open(MESSAGES) as lines:
            yield from map(json.loads, lines)
    except (BadZipFile, OSError, KeyError, ValueError) as error:
        raise Broken(type(error).__name__) from error


def described(path: Path) -> dict[str, int]:
    """What its row says of it. Raises Broken."""
    with ZipFile(path) as file:
        attachments = sum(name.startswith(ATTACHMENTS) for name in file.namelist())
    messages = sum(1 for _ in lines_of(path))
    return {"messages": messages, "attachments": attachments, "size": path.stat().st_size}


def write_without(
    customer_id: int, path: Path, draft: Path, business: str, name: str, timezone: str
) -> None:
    """The others' messages, to the draft. Raises Broken and OSError."""
    with ZipFile(path) as old, ArchiveWriter(draft, timezone) as new:
        for line in lines_of(path):
            if _whose(line) == customer_id:
                continue
            for inside in filter(None, (each.get("file") for each in line.get("attachments", []))):
                new.copy(old, inside)
            new.add(line)
        new.finish(business, name)


def _whose(line: Line) -> int:
    return int(line["customer"]["id"])
