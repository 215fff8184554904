import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

PROJECT = Path(__file__).parents[2]
Script = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def servers_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to import app.servers from without the rest of the product, which is slow."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "app").mkdir()
    (folder / "app/__init__.py").touch()
    (folder / "app/servers").symlink_to(PROJECT / "app/servers")
    return folder


@pytest.fixture
def script(servers_alone: Path) -> Script:
    """Start Python text in a process of its own, which can import app.servers."""

    def start(text: str, *arguments: object, launcher: tuple[str, ...] = ()) -> object:
        command = [*launcher, sys.executable, "-c", text, *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=servers_alone, stdout=pipe, stderr=pipe, text=True)

    return start


@pytest.fixture
def query() -> Callable[..., list[tuple[object, ...]]]:
    def run(url: str, text: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    return run
