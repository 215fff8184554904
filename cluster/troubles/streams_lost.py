"""No stream is served for a while: pages look by themselves, and messages come and go."""

import time

from cluster.stage import Cluster

SECONDS = 20
AWAY_SECONDS = 12


def strike(cluster: Cluster) -> str:
    cluster.tell("stop", name="streams")
    time.sleep(AWAY_SECONDS)
    cluster.tell("start", name="streams", environ=cluster.environ)
    return ""
