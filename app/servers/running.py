"""Own servers for the length of a block, of a command, or as somebody else runs them already."""

import atexit
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.servers import kept, lock, process
from app.servers.postgres import Postgres
from app.servers.server_errors import ServerError, told_plainly
from app.servers.valkey import Valkey


@dataclass(frozen=True)
class Urls:
    """Where the servers are, with the passwords: keep them out of logs."""

    database: str = field(repr=False)
    redis: str = field(repr=False)


@contextmanager
def embedded(var_dir: Path, *, durable: bool = True) -> Iterator[Urls]:
    """PostgreSQL and Valkey on this folder while the block runs. Raises ServerError."""
    with lock.held(var_dir), _started(var_dir, durable) as urls, announced(var_dir, urls):
        yield urls


def current(var_dir: Path) -> Urls | None:
    """The servers that `make run` or embedded() runs on this folder now, if any."""
    try:
        stored = json.loads(_notice(var_dir).read_text())
        urls = Urls(**stored)
    except (OSError, ValueError, TypeError):
        return None
    return urls if all(map(_listens, (urls.database, urls.redis))) else None


def on_demand(var_dir: Path, within: float = 10.0) -> Urls:
    """The running servers, or ones that live as long as this process.

    Raises ServerError when another command holds the folder for longer than `within` seconds.
    Call it from the main thread: the servers end with the thread that starts them.
    """
    urls = current(var_dir)
    if urls:
        return urls
    stack = ExitStack()
    try:
        stack.enter_context(lock.held(var_dir, within))
    except ServerError:
        # Whoever holds it may be a `make run` that has its servers up by now.
        urls = current(var_dir)
        if urls:
            return urls
        raise
    urls = stack.enter_context(_started(var_dir, durable=True))
    atexit.register(_close_here, stack, os.getpid())
    return urls


def _close_here(stack: ExitStack, process_id: int) -> None:
    # A fork has the exit handlers too, but not the servers.
    if os.getpid() == process_id:
        stack.close()


@contextmanager
def announced(var_dir: Path, urls: Urls) -> Iterator[None]:
    """Let current() find the servers while the block runs."""
    kept.write_private(_notice(var_dir), json.dumps(asdict(urls)))
    try:
        yield
    finally:
        _notice(var_dir).unlink(missing_ok=True)


@contextmanager
def _started(var_dir: Path, durable: bool) -> Iterator[Urls]:
    var_dir = var_dir.absolute()
    servers = (Postgres(var_dir, durable), Valkey(var_dir, durable))
    with ExitStack() as stack:
        started = [(server, _start(server, stack)) for server in servers]
        for server, running in started:
            process.wait_until_ready(server, running)
        yield Urls(database=servers[0].url, redis=servers[1].url)


def _start(server: process.Server, stack: ExitStack) -> process.Process:
    with told_plainly():
        server.prepare()
        running = process.start(server)
    stack.callback(process.stop, running, server.stop_signal)
    return running


def _notice(var_dir: Path) -> Path:
    return var_dir / "servers.json"


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname, parts.port), timeout=1):
        return True
    return False
