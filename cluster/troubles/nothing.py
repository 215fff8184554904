"""Nothing breaks."""

from cluster.stage import Cluster

SECONDS = 10


def strike(cluster: Cluster) -> str:
    return ""
