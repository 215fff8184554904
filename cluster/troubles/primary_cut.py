"""The primary's host is cut off, and lives on; a standby is promoted, and it comes back."""

import subprocess
import time

from app.servers.postgres import wheel
from cluster.engines.postgresql import PostgreSQL
from cluster.failover import fail_over, rejoin
from cluster.stage import Cluster
from faults.stage import Hangs

SECONDS = 30
CUT_SECONDS = 8
PATIENCE_SECONDS = 3


def strike(cluster: Cluster) -> str:
    old, until = cluster.primary, time.monotonic() + CUT_SECONDS
    cluster.cut(old)
    fail_over(cluster)
    former = cluster.databases[old]
    if former.synchronous and former.host.network and _acknowledges(former):
        raise Hangs(f"{old} acknowledges a commit that no standby has")
    time.sleep(max(0.0, until - time.monotonic()))
    # Whoever sees to the host ends it there before its network is given back.
    cluster.engines.kill(former)
    rejoin(cluster, old)
    return f"{cluster.primary} is the primary, and {old} follows it."


def _acknowledges(server: PostgreSQL) -> bool:
    """Whether a client on its own host is told that something is committed."""
    psql = [*server.host.entry, str(wheel() / "bin" / "psql"), "-Xq", server.url]
    create = [*psql, "--command=CREATE TABLE left_behind ()"]
    try:
        subprocess.run(create, timeout=PATIENCE_SECONDS, check=True, capture_output=True)
    except subprocess.TimeoutExpired:
        return False
    return True
