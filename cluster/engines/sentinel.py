"""A sentinel: three of them agree that Valkey's master is gone, and choose another."""

from dataclasses import dataclass

from cluster.engines.engine import Engine
from cluster.engines.valkey import server_program
from cluster.plan import SENTINEL, VALKEY, Host

MASTER = "kaivox"


@dataclass
class Sentinel(Engine):
    master: Host
    name = "sentinel"
    port = SENTINEL

    def written(self) -> str:
        lines = [
            f"bind {self.host.address}",
            f"port {self.port}",
            "protected-mode no",
            f"sentinel announce-ip {self.host.address}",
            f"sentinel monitor {MASTER} {self.master.address} {VALKEY} 2",
            f"sentinel down-after-milliseconds {MASTER} 1000",
            f"sentinel failover-timeout {MASTER} 5000",
        ]
        return "\n".join(lines) + "\n"

    def command(self) -> list[str]:
        return [server_program(), str(self.config), "--sentinel"]
