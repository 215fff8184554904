"""Values made once for a data folder and kept in it: passwords and ports."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

# Below the kernel's range for outgoing connections, so that none of those takes the port
# while a server restarts.
PORTS = range(15000, 32000)
PRIVATE = 0o700


def secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
    """The secret in the file, made when new; nobody but the owner can read it."""
    if not path.exists():
        write_private(path, make())
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def private_folder(path: Path) -> Path:
    """The folder, made when new, that nobody but its owner can enter."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_mode & 0o777 != PRIVATE:
        path.chmod(PRIVATE)
    return path


def port(path: Path) -> int:
    """The port in the file while it is free, else a new one, kept in its place."""
    kept = int(path.read_text()) if path.exists() else 0
    if kept and port_is_free(kept):
        return kept
    chosen = free_port()
    write_private(path, str(chosen))
    return chosen


def free_port() -> int:
    return next(p for p in iter(lambda: secrets.choice(PORTS), None) if p and port_is_free(p))


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port that only remembers its last connections (TIME_WAIT) is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
