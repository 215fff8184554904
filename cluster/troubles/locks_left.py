"""A host vanishes in the midst of a transaction: what it has locked is soon free again."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.servers.postgres import wheel
from cluster.stage import Cluster
from faults.stage import Hangs

SECONDS = 20
FREE_WITHIN = 15
# A lock of ours alone, as the program takes them: by the transaction.
LOCK = "SELECT pg_advisory_xact_lock(15)"


def strike(cluster: Cluster) -> str:
    if not cluster.hosts["web1"].network:
        return "Left out: a host that stands still answers keepalives."
    with _locking(cluster, "web1"), cluster.cut_off("web1"):
        return f"They were after {_waited(cluster):.1f} s."


@contextmanager
def _locking(cluster: Cluster, host: str) -> Iterator[None]:
    """A session of that host's, by the way of the program, which has the lock and says no more."""
    command = [str(wheel() / "bin" / "psql"), "-Xqt", cluster.environ["DATABASE_URL"]]
    entry, pipe = cluster.hosts[host].entry, subprocess.PIPE
    with subprocess.Popen([*entry, *command], stdin=pipe, stdout=pipe, text=True) as session:
        assert session.stdin and session.stdout  # noqa: S101 (pipes, as asked for)
        session.stdin.write(f"BEGIN;\n{LOCK};\n")
        session.stdin.flush()
        session.stdout.readline()
        try:
            yield
        finally:
            session.kill()


def _waited(cluster: Cluster) -> float:
    begin = time.monotonic()
    with psycopg.connect(cluster.database_url) as connection:
        connection.execute(f"SET LOCAL lock_timeout = '{FREE_WITHIN}s'")
        try:
            connection.execute(LOCK)
        except psycopg.errors.LockNotAvailable:
            raise Hangs(f"locks are left for more than {FREE_WITHIN} s") from None
    return time.monotonic() - begin
