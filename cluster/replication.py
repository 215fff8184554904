"""How a PostgreSQL becomes a standby, how far it has come, and how it becomes the primary."""

import signal
import subprocess

from app.servers import cluster
from app.servers.postgres import wheel
from app.servers.process import launched
from app.servers.server_errors import ServerError
from cluster.engines.postgresql import REPLICATOR, PostgreSQL


def copy(standby: PostgreSQL, primary: PostgreSQL) -> None:
    """Make it a standby, by a base backup. Raises ServerError."""
    standby.empty()
    into = f"--pgdata={standby.data}"
    source = f"--dbname={_address(primary, REPLICATOR)} passfile={standby.passfile}"
    _run(standby, "pg_basebackup", into, source, "--checkpoint=fast")
    _follow(standby)


def rewind(former: PostgreSQL, primary: PostgreSQL) -> None:
    """Take back what the new primary does not have, and make it a standby. Raises ServerError."""
    cluster.wait_until_free(former.data)
    into = f"--target-pgdata={former.data}"
    source = f"{_address(primary, cluster.ADMIN)} passfile={former.passfile} dbname=postgres"
    _run(former, "pg_rewind", into, f"--source-server={source}")
    _follow(former)


def position(standby: PostgreSQL) -> int:
    """How many bytes of WAL it has. Raises psycopg.Error."""
    return int(standby.asked(f"SELECT pg_wal_lsn_diff({_HAS}, '0/0')::bigint"))


def promote(standby: PostgreSQL) -> None:
    if not standby.asked("SELECT pg_promote(true, 20)"):
        raise ServerError(f"{standby.host.name} is not promoted within 20 s")


def followers(primary: PostgreSQL) -> int:
    """How many standbys stream from it."""
    return int(primary.asked("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"))


# What it received since it was started, or else what it has replayed.
_HAS = "greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())"


def _address(server: PostgreSQL, user: str) -> str:
    return f"host={server.host.address} port={server.port} user={user}"


def _follow(server: PostgreSQL) -> None:
    standby = server.data / "standby.signal"
    standby.touch()
    server.give(standby)


def _run(server: PostgreSQL, program: str, *arguments: str) -> None:
    command = launched([str(wheel() / "bin" / program), *arguments], signal.SIGKILL, server.user)
    done = subprocess.run(
        [*server.host.entry, *command], cwd=server.data, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerError(f"{program} on {server.host.name}: {done.stderr.strip()}")
