"""The host of a web is cut off and comes back: the balancer leads to the other."""

import time

from cluster.stage import Cluster

SECONDS = 15
CUT_SECONDS = 8


def strike(cluster: Cluster) -> str:
    with cluster.cut_off("web1"):
        time.sleep(CUT_SECONDS)
    return ""
