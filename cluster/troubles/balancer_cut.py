"""The load balancer is cut off and comes back: nobody comes in, and Redis is away."""

import time

from cluster.stage import Cluster

SECONDS = 20
CUT_SECONDS = 6


def strike(cluster: Cluster) -> str:
    with cluster.cut_off("balancer"):
        time.sleep(CUT_SECONDS)
    return ""
