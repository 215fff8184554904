"""The primary's host is cut off, and lives on; a standby is promoted, and it comes back."""

import time

from cluster.failover import fail_over, rejoin
from cluster.stage import Cluster

SECONDS = 30
CUT_SECONDS = 8


def strike(cluster: Cluster) -> str:
    old = cluster.primary
    cluster.cut(old)
    fail_over(cluster)
    time.sleep(CUT_SECONDS)
    # Whoever sees to the host ends it there before its network is given back.
    cluster.engines.kill(cluster.databases[old])
    rejoin(cluster, old)
    return f"{cluster.primary} is the primary, and {old} follows it."
