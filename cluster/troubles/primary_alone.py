"""The standbys are cut off, and the primary is killed: what they do not have is gone with it."""

import time

from cluster.failover import fail_over, rejoin
from cluster.stage import Cluster

SECONDS = 25
ALONE_SECONDS = 3


def strike(cluster: Cluster) -> str:
    old = cluster.primary
    with cluster.cut_off(*cluster.databases.keys() - {old}):
        time.sleep(ALONE_SECONDS)
        cluster.engines.kill(cluster.databases[old])
    fail_over(cluster)
    rejoin(cluster, old)
    return f"{cluster.primary} is the primary, and {old} follows it."
