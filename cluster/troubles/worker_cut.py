"""The host of a worker is cut off for longer than a lease: the other takes over what it had."""

import time

from app.outbox.queue.claim import LEASE
from cluster.stage import Cluster

CUT_SECONDS = LEASE.total_seconds() + 10
SECONDS = CUT_SECONDS + 10


def strike(cluster: Cluster) -> str:
    with cluster.cut_off("worker1"):
        time.sleep(CUT_SECONDS)
    return ""
