"""Servers of a measurement's own, and what a process on them finds in its environment."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.servers import Urls, embedded


class Alone(NamedTuple):
    folder: Path
    urls: Urls

    def env(self, **settings: str) -> dict[str, str]:
        """Nothing of the surroundings but where programs lie."""
        return {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "DATABASE_URL": self.urls.database,
            "REDIS_URL": self.urls.redis,
            "SECRET_KEY": "a-secret-of-the-bench-and-of-nobody-else",
            "VAR_DIR": str(self.folder),
            **settings,
        }

    @property
    def database(self) -> str:
        """As psycopg takes it."""
        return self.urls.database.replace("+psycopg", "")


@contextmanager
def own_folder() -> Iterator[Path]:
    """Gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL runs as another user when we are root.
        folder.chmod(0o711)
        yield folder


@contextmanager
def alone() -> Iterator[Alone]:
    """PostgreSQL and Valkey, gone afterwards with all that they hold."""
    with own_folder() as folder, embedded(folder) as urls:
        yield Alone(folder, urls)
