"""The host of PgBouncer is cut off and comes back: meanwhile nothing is taken."""

import time

from cluster.stage import Cluster

SECONDS = 15
CUT_SECONDS = 6


def strike(cluster: Cluster) -> str:
    with cluster.cut_off("bouncer"):
        time.sleep(CUT_SECONDS)
    return ""
