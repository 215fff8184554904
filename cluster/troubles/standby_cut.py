"""A standby is cut off and comes back: the other one is enough."""

import time

from cluster.stage import Cluster

SECONDS = 15
CUT_SECONDS = 8


def strike(cluster: Cluster) -> str:
    with cluster.cut_off("db2"):
        time.sleep(CUT_SECONDS)
    return ""
