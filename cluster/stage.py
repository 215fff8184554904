"""The hosts with all that runs on them: what a run of the cluster is played on."""

import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from app.servers import process
from app.servers.process import Process
from cluster.engines.engine import Engine
from cluster.engines.haproxy import HAProxy
from cluster.engines.pgbouncer import PgBouncer
from cluster.engines.postgresql import PostgreSQL
from cluster.engines.sentinel import Sentinel
from cluster.engines.valkey import Valkey
from cluster.networks import Network, build
from cluster.plan import (
    CARRIER,
    DATABASES,
    HTTP,
    OUTSIDE,
    PLACES,
    SENTINELS,
    VALKEY,
    VALKEYS,
    Host,
)
from cluster.processes import family
from faults.stage import (
    ACCOUNT,
    TOKEN,
    Stage,
    answers,
    bare,
    end_zygote,
    start_zygote,
    until,
)


@dataclass
class Running:
    """An engine, and its process now."""

    engine: Engine
    process: Process


@dataclass
class Cluster(Stage):
    """All calls come from the main thread: with it the servers end."""

    network: Network
    hosts: dict[str, Host]
    databases: dict[str, PostgreSQL]
    bouncer: PgBouncer
    primary: str = DATABASES[0]
    """The database that takes writes."""
    running: dict[str, Running] = field(default_factory=dict)
    """By the host's name and the engine's."""
    unclean: int = 0
    """Parts that did not end when they were asked to, or not with 0."""

    @property
    def database_url(self) -> str:
        return self.databases[self.primary].url

    @property
    def simulator(self) -> str:
        """By the one address at which it lets itself be controlled."""
        return f"http://127.0.0.1:{CARRIER}"

    def start(self, *engines: Engine) -> None:
        """Start engines side by side, and wait until all answer. Raises ServerError."""
        for engine in engines:
            engine.prepare()
            started = process.start(engine, by=engine.host.entry)
            self.running[f"{engine.host.name} {engine.name}"] = Running(engine, started)
        for engine in engines:
            process.wait_until_ready(engine, self.process_of(engine))

    def process_of(self, engine: Engine) -> Process:
        return self.running[f"{engine.host.name} {engine.name}"].process

    def kill(self, engine: Engine) -> None:
        """By -9, at once."""
        self.process_of(engine).kill()
        self.process_of(engine).wait()

    def stop(self, engine: Engine) -> None:
        """In good order."""
        process.stop(self.process_of(engine), engine.stop_signal)

    def stop_all(self) -> None:
        """At once: what they have is thrown away."""
        for each in reversed(self.running.values()):
            process.stop(each.process, each.engine.at_once, within=2)

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

    def _processes(self, host: str) -> list[int]:
        parts = self.tell("report")["pids"].items()
        own = [pid for name, pid in parts if pid and name.endswith(f" {host}")]
        own += [each.process.pid for name, each in self.running.items() if name.startswith(host)]
        return [each for process in own for each in family(process)]

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


@contextmanager
def set_up(synchronous: bool) -> Iterator[Cluster]:
    """Everything started but the parts, the town built; all gone after the block."""
    cluster = _laid_out(build(), synchronous)
    with ExitStack() as stack:
        stack.callback(_clear, cluster)
        stack.callback(end_zygote, cluster.zygote)
        stack.callback(cluster.stop_all)
        _start_engines(cluster)
        cluster.run("seed")
        cluster.tell("start", name="simulator", environ=cluster.environ)
        until(lambda: answers(f"{cluster.simulator}/health"), 20, "the simulator does not start")
        # Whoever still writes when all ends finds nobody, and that is no news.
        stack.callback(setattr, threading, "excepthook", lambda _: None)
        yield cluster


def _laid_out(network: Network, synchronous: bool) -> Cluster:
    hosts, secret = network.hosts(), secrets.token_urlsafe(24)
    folder = Path(tempfile.mkdtemp(prefix="kaivox-cluster-"))
    # PostgreSQL and PgBouncer run as other users when we are root.
    folder.chmod(0o711)
    databases = {name: PostgreSQL(hosts[name], folder, secret, synchronous) for name in DATABASES}
    bouncer = PgBouncer(hosts["bouncer"], folder, hosts[DATABASES[0]], secret)
    environ = _environment(folder, network.prefix, hosts, bouncer)
    return Cluster(folder, start_zygote(folder), environ, network, hosts, databases, bouncer)


def _clear(cluster: Cluster) -> None:
    if not cluster.keep:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _start_engines(cluster: Cluster) -> None:
    hosts, folder = cluster.hosts, cluster.folder
    first, *others = cluster.databases.values()
    first.initialize()
    first.synchronous, wanted = False, first.synchronous
    cluster.start(first)
    first.introduce()
    for each in others:
        each.copy(first.host)
    cluster.stop(first)
    first.synchronous = wanted
    cluster.start(first, *others)
    master = hosts[VALKEYS[0]]
    cluster.start(*(Valkey(hosts[name], folder, master) for name in VALKEYS))
    cluster.start(*(Sentinel(hosts[name], folder, master) for name in SENTINELS))
    cluster.start(cluster.bouncer, HAProxy(hosts["balancer"], folder))


def _environment(
    folder: Path, prefix: str, hosts: dict[str, Host], bouncer: PgBouncer
) -> dict[str, str]:
    """deploy/environment.example, for this network."""
    balancer, carrier = hosts["balancer"].address, f"{prefix}{OUTSIDE}:{CARRIER}"
    return {
        **bare(),
        "DATABASE_URL": bouncer.url,
        "DATABASE_POOLER": "transaction",
        "REDIS_URL": f"redis://{balancer}:{VALKEY}/0",
        "SECRET_KEY": "a-secret-of-the-cluster-and-of-nobody-else",
        "VAR_DIR": str(folder),
        "PORT": str(HTTP),
        "PUBLIC_URL": f"http://{balancer}:{HTTP}",
        "TRUSTED_PROXIES": "1",
        "WEB_CONCURRENCY": "1",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": f"http://{carrier}",
        "ALLOWED_PRIVATE_NETWORKS": carrier,
        "FAULTS_CARRIER": f"127.0.0.1:{CARRIER},{carrier}",
        "SIMULATOR_DIR": str(folder / "simulator"),
        "SIMULATOR_STATUS_DELAY": "0.1",
        "PYTHONUNBUFFERED": "1",
    }
