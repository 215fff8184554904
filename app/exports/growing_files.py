"""Files that grow over the lives of several processes: up to a size that is remembered elsewhere
they are whole, whoever died while writing behind it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile


@contextmanager
def growing(path: Path, size: int) -> Iterator[BinaryIO]:
    """The file as it was with that size, to write behind it. Raises OSError."""
    with path.open("r+b" if size else "w+b") as file:
        file.truncate(size)
        file.seek(size)
        yield file


@contextmanager
def growing_zip(path: Path, size: int) -> Iterator[ZipFile]:
    """The ZIP as it was with that size, to add files to; on the disk at the end. Raises OSError."""
    with growing(path, size) as file:
        with ZipFile(file, "a", ZIP_DEFLATED) as archive:
            # Behind its directory and not over it: until all is written, what was is still whole.
            archive.start_dir = size
            yield archive
        put_on_disk(file)


def put_on_disk(file: BinaryIO) -> None:
    """So that it outlasts a loss of power."""
    file.flush()
    os.fsync(file.fileno())
