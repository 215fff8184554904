"""A real PgBouncer, Debian's, in transaction mode: all of its clients share one session, with the
names of what they prepare."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import make_url

from app.servers.kept import free_port

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "the way through a pooler, as there is no PgBouncer: apt install pgbouncer"
CONFIG = """
[databases]
{database} = host={host} port={server} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
query_wait_timeout = 10
logfile = {folder}/log
"""


@contextmanager
def running(database: str, *settings: str) -> Iterator[str]:
    """Started before that database, with further lines of its [pgbouncer]; the URL through it."""
    if PROGRAM is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_PGBOUNCER") == "1" else pytest.skip
        give_up(MISSING)
    folder, port = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir="/tmp")), free_port()
    try:
        file = _written(folder, port, database, settings)
        process = subprocess.Popen([PROGRAM, "-q", file], stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, process, folder)
            url = make_url(database).set(drivername="postgresql", host="127.0.0.1", port=port)
            yield url.render_as_string(hide_password=False)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    finally:
        shutil.rmtree(folder)


def _written(folder: Path, port: int, database: str, settings: tuple[str, ...]) -> Path:
    url, file = make_url(database), folder / "pgbouncer.ini"
    named = {"database": url.database, "host": url.host, "server": url.port, "port": port}
    signs_in = {"user": url.username, "password": url.password, "folder": folder}
    # It does not run as root, but as anybody.
    own = (*settings, *["user = nobody"] * (os.geteuid() == 0), *_names_as_they_are())
    file.write_text(CONFIG.format(**named, **signs_in) + "\n".join(own) + "\n")
    folder.chmod(0o777)
    return file


def _names_as_they_are() -> list[str]:
    """As before 1.21, which knows no such setting."""
    told = subprocess.run([str(PROGRAM), "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"(\d+)\.(\d+)", told.stdout)
    newer = version is not None and tuple(map(int, version.groups())) >= (1, 21)
    return ["max_prepared_statements = 0"] * newer


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = monotonic() + 20
    while monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        sleep(0.02)
    log = folder / "log"
    pytest.fail(f"PgBouncer does not start:\n{log.read_text() if log.exists() else ''}")
