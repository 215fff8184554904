"""What all engines share, so that app.servers can start them."""

import os
import shutil
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.servers import kept
from app.servers.cluster import NAMED_USER
from app.servers.server_errors import ServerError
from cluster.plan import Host

DEPLOY = Path(__file__).parents[2] / "deploy"


@dataclass
class Engine:
    """One server on one host; its files are in the run's folder."""

    host: Host
    root: Path
    name = ""
    port = 0
    stop_signal = at_once = signal.SIGTERM

    @property
    def folder(self) -> Path:
        return self.root / self.host.name

    @property
    def log(self) -> Path:
        return self.root / "log" / f"{self.host.name}.{self.name}.log"

    @property
    def url(self) -> str:
        return f"{self.host.address}:{self.port}"

    @property
    def user(self) -> int | None:
        """As root it becomes nobody."""
        return NAMED_USER if os.geteuid() == 0 else None

    @property
    def config(self) -> Path:
        return self.folder / f"{self.name}.conf"

    def written(self) -> str:
        """Its configuration."""
        raise NotImplementedError

    def prepare(self) -> None:
        self.folder.mkdir(exist_ok=True)
        kept.write_private(self.config, self.written())
        self.give(self.folder, self.config)

    def give(self, *paths: Path) -> None:
        """Let them be its user's."""
        for path in paths:
            if self.user is not None:
                os.chown(path, self.user, self.user)

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        address = (self.host.address, self.port)
        with suppress(OSError), socket.create_connection(address, timeout=1):
            return True
        return False

    def leaving(self) -> bool:
        return False

    def finish(self) -> None:
        pass


def program(name: str) -> str:
    """Debian's. Raises ServerError."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise ServerError(f"{name} is not installed: apt install {name}")
    return found
