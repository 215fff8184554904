"""From one primary to the next, by the steps of docs/operations.md."""

from collections.abc import Iterable

from app.servers.server_errors import ServerError
from cluster.engines.postgresql import PostgreSQL
from cluster.replication import followers, position, promote, rewind
from cluster.stage import Cluster
from faults.stage import until

REJOINED_WITHIN = 20.0


def fail_over(cluster: Cluster) -> None:
    """Fence the old primary, promote the standby that has most, and lead everybody to it.

    Raises psycopg.Error, and ServerError.
    """
    # From here on the old one can be written to by nobody, dead or alive.
    cluster.cut(cluster.primary)
    standbys = [each for name, each in cluster.databases.items() if name != cluster.primary]
    new = best(standbys)
    promote(new)
    cluster.primary = new.host.name
    cluster.lead_to(cluster.primary)


def best(standbys: Iterable[PostgreSQL]) -> PostgreSQL:
    """The one that has most of the primary's WAL.

    Any one of them has a commit before it is acknowledged, and the wrong one may lack it: so all
    are asked, and where one does not answer nothing is promoted. Raises psycopg.Error.
    """
    return max(standbys, key=position)


def rejoin(cluster: Cluster, old: str) -> None:
    """The old primary, which has ended, comes back as a standby of the new one.

    Raises ServerError, and Hangs.
    """
    former, primary = cluster.databases[old], cluster.databases[cluster.primary]
    if cluster.engines.process(former).poll() is None:
        raise ServerError(f"{old} still runs: it may take writes")
    # What it had begun is settled while still nobody reaches it: pg_rewind wants an orderly end.
    cluster.engines.start(former)
    cluster.engines.stop(former)
    cluster.heal(old)
    rewind(former, primary)
    cluster.engines.start(former)
    wanted = len(cluster.databases) - 1
    until(
        lambda: followers(primary) == wanted,
        REJOINED_WITHIN,
        f"{old} does not follow {primary.host.name}",
    )
