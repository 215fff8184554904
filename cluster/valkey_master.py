"""Which Valkey is the master."""

from contextlib import suppress

from redis import Redis, RedisError

from cluster.engines.valkey import Valkey
from cluster.plan import VALKEYS
from cluster.stage import Cluster
from faults.stage import until

# The sentinels wait for a second, and agree.
FAILED_OVER_WITHIN = 15.0


def master(cluster: Cluster) -> Valkey:
    """Who says so itself. Raises LookupError where nobody does."""
    for valkey in _all(cluster):
        if _role(valkey) == "master":
            return valkey
    raise LookupError("no Valkey is the master")


def until_another(cluster: Cluster, old: Valkey) -> Valkey:
    """Wait for the one that takes its place. Raises Hangs."""
    (other,) = (valkey for valkey in _all(cluster) if valkey.host != old.host)
    until(lambda: _role(other) == "master", FAILED_OVER_WITHIN, "Valkey does not fail over")
    return other


def _all(cluster: Cluster) -> list[Valkey]:
    return [cluster.engines.of(name, Valkey) for name in VALKEYS]


def _role(valkey: Valkey) -> str:
    with suppress(RedisError), Redis(valkey.host.address, valkey.port, socket_timeout=1) as client:
        return str(client.info("replication")["role"])
    return ""
