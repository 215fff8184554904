"""The load balancer loses its power and comes back: nobody comes in, and Redis is away."""

import time

from cluster.engines.haproxy import HAProxy
from cluster.stage import Cluster

SECONDS = 20
AWAY_SECONDS = 6


def strike(cluster: Cluster) -> str:
    balancer = cluster.engines.of("balancer", HAProxy)
    with cluster.cut_off("balancer"):
        # Nobody is told that their connections are gone.
        cluster.engines.kill(balancer)
        time.sleep(AWAY_SECONDS)
    cluster.engines.start(balancer)
    return ""
