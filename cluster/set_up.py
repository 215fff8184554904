"""How the hosts are laid out and started, as docs/operations.md tells."""

import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cluster.engines.haproxy import HAProxy
from cluster.engines.pgbouncer import PgBouncer
from cluster.engines.postgresql import PostgreSQL, straight_to
from cluster.engines.sentinel import Sentinel
from cluster.engines.valkey import Valkey
from cluster.networks import Network, build
from cluster.plan import CARRIER, DATABASES, HTTP, OUTSIDE, SENTINELS, VALKEY, VALKEYS
from cluster.replication import copy
from cluster.stage import Cluster
from faults.stage import ACCOUNT, TOKEN, answers, bare, end_zygote, start_zygote, until


@contextmanager
def set_up(synchronous: bool, pooled: bool) -> Iterator[Cluster]:
    """Everything started but the parts, the town built; all gone after the block."""
    cluster = _laid_out(build(), synchronous, pooled)
    with ExitStack() as stack:
        stack.callback(_clear, cluster)
        stack.callback(end_zygote, cluster.zygote)
        stack.callback(cluster.engines.end)
        _start_databases(cluster)
        _start_others(cluster)
        cluster.run("seed")
        cluster.tell("start", name="simulator", environ=cluster.environ)
        until(lambda: answers(f"{cluster.simulator}/health"), 20, "the simulator does not start")
        # Whoever still writes when all ends finds nobody, and that is no news.
        stack.callback(setattr, threading, "excepthook", lambda _: None)
        yield cluster


def _laid_out(network: Network, synchronous: bool, pooled: bool) -> Cluster:
    hosts, secret = network.hosts(), secrets.token_urlsafe(24)
    folder = Path(tempfile.mkdtemp(prefix="kaivox-cluster-"))
    # PostgreSQL and PgBouncer run as other users when we are root.
    folder.chmod(0o711)
    databases = {name: PostgreSQL(hosts[name], folder, secret, synchronous) for name in DATABASES}
    bouncer = PgBouncer(hosts["bouncer"], folder, hosts[DATABASES[0]], secret)
    environ = _environment(folder, network.prefix, hosts["balancer"].address) | (
        {"DATABASE_URL": bouncer.url, "DATABASE_POOLER": "transaction"}
        if pooled
        else {"DATABASE_URL": straight_to(databases.values())}
    )
    return Cluster(folder, start_zygote(folder), environ, network, hosts, databases, bouncer)


def _clear(cluster: Cluster) -> None:
    if not cluster.keep:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _start_databases(cluster: Cluster) -> None:
    first, *others = cluster.databases.values()
    first.initialize()
    # Nothing is acknowledged before there are standbys.
    first.synchronous, wanted = False, first.synchronous
    cluster.engines.start(first)
    first.introduce()
    for each in others:
        copy(each, first)
    cluster.engines.stop(first)
    first.synchronous = wanted
    cluster.engines.start(first, *others)


def _start_others(cluster: Cluster) -> None:
    hosts, folder, start = cluster.hosts, cluster.folder, cluster.engines.start
    master = hosts[VALKEYS[0]]
    start(*(Valkey(hosts[name], folder, master) for name in VALKEYS))
    start(*(Sentinel(hosts[name], folder, master) for name in SENTINELS))
    start(cluster.bouncer, HAProxy(hosts["balancer"], folder))


def _environment(folder: Path, prefix: str, balancer: str) -> dict[str, str]:
    """deploy/environment.example, for this network; without the database."""
    carrier = f"{prefix}{OUTSIDE}:{CARRIER}"
    return {
        **bare(),
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
