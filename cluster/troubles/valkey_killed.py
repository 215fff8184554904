"""Valkey's master is killed by -9; the sentinels choose another."""

import time

from cluster.stage import Cluster
from cluster.valkey_master import master, until_another

SECONDS = 15


def strike(cluster: Cluster) -> str:
    old, begin = master(cluster), time.monotonic()
    cluster.engines.kill(old)
    new = until_another(cluster, old)
    seconds = time.monotonic() - begin
    # It comes back as a replica: a master that comes back believes itself to be one for a while.
    old.master = new.host
    cluster.engines.start(old)
    return f"{new.host.name} is the master after {seconds:.1f} s."
