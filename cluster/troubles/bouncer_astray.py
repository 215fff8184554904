"""PgBouncer leads to a standby for a while: there all is read, and nothing can be written."""

import time

from cluster.stage import Cluster

SECONDS = 15
ASTRAY_SECONDS = 5


def strike(cluster: Cluster) -> str:
    standby = next(name for name in cluster.databases if name != cluster.primary)
    cluster.lead_to(standby)
    time.sleep(ASTRAY_SECONDS)
    cluster.lead_to(cluster.primary)
    return ""
