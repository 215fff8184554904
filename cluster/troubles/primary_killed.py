"""The primary is killed by -9, and a standby promoted."""

from cluster.failover import fail_over, rejoin
from cluster.stage import Cluster

SECONDS = 20


def strike(cluster: Cluster) -> str:
    old = cluster.primary
    cluster.engines.kill(cluster.databases[old])
    fail_over(cluster)
    rejoin(cluster, old)
    return f"{cluster.primary} is the primary, and {old} follows it."
