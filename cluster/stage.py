"""The hosts with all that runs on them: what a run of the cluster is played on."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from cluster.engines.pgbouncer import PgBouncer
from cluster.engines.postgresql import PostgreSQL
from cluster.engines.running import Engines
from cluster.networks import Network
from cluster.plan import CARRIER, DATABASES, HTTP, PLACES, Host
from cluster.processes import family
from faults.stage import Stage


@dataclass
class Cluster(Stage):
    """All calls come from the main thread: with it the servers end."""

    network: Network
    hosts: dict[str, Host]
    databases: dict[str, PostgreSQL]
    bouncer: PgBouncer
    engines: Engines = field(default_factory=Engines)
    primary: str = DATABASES[0]
    """The database that takes writes."""
    unclean: int = 0
    """Parts that did not end when they were asked to, or not with 0."""

    @property
    def database_url(self) -> str:
        return self.databases[self.primary].url

    @property
    def simulator(self) -> str:
        """By the one address at which it lets itself be controlled."""
        return f"http://127.0.0.1:{CARRIER}"

    @contextmanager
    def cut_off(self, *names: str) -> Iterator[None]:
        """Nobody reaches these hosts, nor they anybody, while the block runs."""
        for name in names:
            self.cut(name)
        try:
            yield
        finally:
            for name in names:
                self.heal(name)

    def cut(self, name: str) -> None:
        self.network.cut(self.hosts[name], self._processes(name))

    def heal(self, name: str) -> None:
        self.network.heal(self.hosts[name], self._processes(name))

    def lead_to(self, database: str) -> None:
        """Let PgBouncer lead there from now on."""
        self.bouncer.primary = self.hosts[database]
        self.bouncer.prepare()
        self.engines.process(self.bouncer).send_signal(signal.SIGHUP)

    @property
    def is_well(self) -> bool:
        """Whether the product says so, by way of the balancer: database, Redis and streams."""
        with suppress(requests.RequestException):
            told = requests.get(f"{self.web}/health/ready", timeout=5).json()
            return bool(told["database"] and told["redis"] and told["streams"])
        return False

    def serves(self, web: str) -> bool:
        """Whether that web is ready, as the balancer asks it."""
        url = f"http://{self.hosts[web].address}:{HTTP}/health/ready"
        headers = {"Host": f"{self.hosts['balancer'].address}:{HTTP}"}
        with suppress(requests.RequestException):
            return requests.get(url, headers=headers, timeout=2).ok
        return False

    def tell(self, do: str, **command: Any) -> dict[str, Any]:
        """As of one machine: a part is told on each host that runs it."""
        role = command.get("name")
        if role not in PLACES:
            return super().tell(do, **command)
        del command["name"]
        return [self.tell_one(do, role, host, **command) for host in PLACES[role]][-1]

    def tell_one(self, do: str, role: str, host: str, **command: Any) -> dict[str, Any]:
        """The part of that host."""
        if "environ" in command:
            command["environ"] = command["environ"] | self._own(self.hosts[host])
        return super().tell(do, name=f"{role} {host}", **command)

    def run(self, role: str) -> None:
        """Straight to the database, as commands had better go."""
        usual = self.environ
        self.environ = usual | {"DATABASE_URL": self.database_url, "DATABASE_POOLER": "none"}
        try:
            super().run(role)
        finally:
            self.environ = usual

    def _own(self, host: Host) -> dict[str, str]:
        folder = self.folder / host.name
        return {"BIND": host.address, "FAULTS_NETWORK": host.network, "VAR_DIR": str(folder)}

    def _processes(self, host: str) -> list[int]:
        parts = self.tell("report")["pids"].items()
        begun = [pid for name, pid in parts if pid and name.endswith(f" {host}")]
        return [each for pid in (*begun, *self.engines.on(host)) for each in family(pid)]
