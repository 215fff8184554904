"""A rolling deploy: host after host, each part is asked to end, and begins anew."""

import time
from typing import Any

from cluster.plan import PLACES, roles
from cluster.stage import Cluster
from faults.rolling import PATIENCE_SECONDS
from faults.stage import until

SECONDS = 45
SEEN_SECONDS = 2.5


def strike(cluster: Cluster) -> str:
    hosts = dict.fromkeys(host for hosts in PLACES.values() for host in hosts)
    ends = [end for host in hosts for end in _renew(cluster, host)]
    cluster.unclean += sum(end["code"] != 0 for end in ends)
    longest = max(end["seconds"] for end in ends)
    return f"{len(ends)} processes ended, each within {longest:.1f} s, and began anew."


def _renew(cluster: Cluster, host: str) -> list[dict[str, Any]]:
    """All that the host runs, and it answers again before the next host is touched."""
    ends = [
        cluster.tell_one("restart", role, host, patience=PATIENCE_SECONDS) for role in roles(host)
    ]
    if host in PLACES["web"]:
        until(lambda: cluster.serves(host), 20, f"{host} does not answer again")
        # And the balancer has seen it: it looks every 2 s.
        time.sleep(SEEN_SECONDS)
    return ends
