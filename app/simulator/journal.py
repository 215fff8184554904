"""Each change as a line of JSON, read again at the next start."""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

log = logging.getLogger(__name__)

Line = dict[str, Any]


class Journal:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._file: IO[str] | None = None

    def replay(self) -> Iterator[Line]:
        """The lines so far. One torn by a kill is passed over."""
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    entry = json.loads(line)
                except ValueError:
                    log.warning("%s line %d is torn and was passed over", self._path, number)
                    continue
                if isinstance(entry, dict):
                    yield entry

    def rewrite(self, lines: Iterable[Line]) -> None:
        """Begin again with only these lines; a kill leaves either the old file or the new."""
        self.close()
        fresh = self._path.with_suffix(".new")
        with open(fresh, "w", encoding="utf-8", opener=_ours_alone) as file:
            file.writelines(_encoded(line) for line in lines)
        fresh.replace(self._path)

    def append(self, line: Line) -> None:
        if self._file is None:
            self._file = open(self._path, "a", encoding="utf-8", opener=_ours_alone)  # noqa: SIM115
        self._file.write(_encoded(line))
        # Handed to the kernel at once: a kill of this process loses nothing.
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _ours_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _encoded(line: Line) -> str:
    return json.dumps(line, separators=(",", ":")) + "\n"
