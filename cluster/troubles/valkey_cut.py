"""The host of Valkey's master is cut off, and comes back believing itself to be the master."""

import time

from cluster.stage import Cluster
from cluster.valkey_master import master, until_another

SECONDS = 25
CUT_SECONDS = 8


def strike(cluster: Cluster) -> str:
    old, begin = master(cluster), time.monotonic()
    with cluster.cut_off(old.host.name):
        new = until_another(cluster, old)
        seconds = time.monotonic() - begin
        time.sleep(max(0.0, CUT_SECONDS - seconds))
    return f"{new.host.name} is the master after {seconds:.1f} s."
