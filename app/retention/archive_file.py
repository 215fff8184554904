"""The file of an archive: it is whole and known by its checksum, or it does not count."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from app.retention.archive_writer import MESSAGES


class Broken(Exception):
    """A file is not there, or not as it was written."""


def checksum(path: Path) -> str:
    """SHA-256 in hexadecimal digits. Raises Broken where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Broken(error.strerror) from error


def ids(path: Path, sha256: str) -> Iterator[int]:
    """The ids of the messages in it. Raises Broken where it is not what was written."""
    if checksum(path) != sha256:
        raise Broken("another file lies there")
    try:
        with ZipFile(path) as file, file.open(MESSAGES) as lines:
            yield from (int(json.loads(line)["id"]) for line in lines)
    except (BadZipFile, OSError, KeyError, ValueError) as error:
        raise Broken(type(error).__name__) from error


def put_in_place(draft: Path, path: Path) -> str:
    """Give the draft its name, with a file of its checksum beside it, so that both outlast a loss
    of power; the checksum. Raises OSError."""
    sha256 = checksum(draft)
    beside = sum_of(path)
    beside.write_text(f"{sha256}  {path.name}\n")
    _on_disk((draft, beside))
    draft.replace(path)
    _on_disk((path.parent,))
    return sha256


def remove(path: Path) -> None:
    """With its checksum; also where it is gone already. Raises OSError."""
    for each in (path, sum_of(path)):
        with suppress(FileNotFoundError):
            each.unlink()


def sum_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _on_disk(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
