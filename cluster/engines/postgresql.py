"""PostgreSQL with standbys, as deploy/postgresql has it, but for addresses."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.servers import cluster, kept
from app.servers.own_role import introduce
from app.servers.postgres import DATABASE, ROLE, SETTINGS, wheel
from app.servers.process import launched
from app.servers.server_errors import ServerError
from cluster.engines.engine import DEPLOY, Engine
from cluster.plan import POSTGRESQL, Host

FILE = DEPLOY / "postgresql" / "replication.conf"
REPLICATOR = "replicator"
ALONE = "synchronous_standby_names = ''"


@dataclass
class PostgreSQL(Engine):
    secret: str = field(repr=False)
    synchronous: bool = True
    """Whether a commit is acknowledged only when a standby has it."""
    name = "postgresql"
    port = POSTGRESQL
    stop_signal, at_once = signal.SIGINT, signal.SIGQUIT  # "fast", and "immediate"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def user(self) -> int | None:
        return cluster.owner(self.data)

    @property
    def url(self) -> str:
        """As the program's role, straight to it."""
        return f"postgresql://{ROLE}:{self.secret}@{self.host.address}:{self.port}/{DATABASE}"

    def initialize(self) -> None:
        """Make the data of the first primary."""
        self._private()
        cluster.create(self.data, wheel() / "bin" / "initdb", self.secret, durable=True)
        self._let_in()

    def copy(self, primary: Host) -> None:
        """Become a standby, by a base backup."""
        self._private()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.give(self.data)
        self._tool(
            "pg_basebackup",
            "-D",
            str(self.data),
            "-c",
            "fast",
            "-d",
            self._conninfo(primary, REPLICATOR),
        )
        self._follow()

    def rewind(self, primary: Host) -> None:
        """Take back what the new primary does not have, and follow it."""
        cluster.wait_until_free(self.data)
        source = f"--source-server={self._conninfo(primary, cluster.ADMIN)} dbname=postgres"
        self._tool("pg_rewind", f"--target-pgdata={self.data}", source)
        self._follow()

    def prepare(self) -> None:
        cluster.wait_until_free(self.data)
        self.config.write_text(self.written())
        self.config.chmod(0o644)

    def written(self) -> str:
        made = rendered(FILE.read_text(), self.host, self._passfile)
        return made if self.synchronous else f"{made}{ALONE}\n"

    def command(self) -> list[str]:
        options = (f"--{name}={value}" for name, value in self._settings().items())
        return [str(wheel() / "bin" / "postgres"), "-D", str(self.data), *options]

    def answers(self) -> bool:
        return cluster.ready(self.data)

    def introduce(self) -> None:
        """Make the program's role and database, and the standbys' role."""
        with self._as_admin() as connection:
            introduce(connection, self.secret)
            password = sql.Literal(self.secret)
            role = sql.Identifier(REPLICATOR)
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN REPLICATION PASSWORD {}").format(role, password)
            )
            # Which PgBouncer does not hand on for each session.
            connection.execute(f"ALTER ROLE {ROLE} SET jit = off")

    def position(self) -> int:
        """How far it has the primary's WAL. Raises psycopg.Error."""
        query = "SELECT pg_wal_lsn_diff(coalesce(pg_last_wal_receive_lsn(), '0/0'), '0/0')::bigint"
        return int(self._asked(query))

    def promote(self) -> None:
        if not self._asked("SELECT pg_promote(true, 20)"):
            raise ServerError(f"{self.host.name} is not promoted within 20 s")

    def followers(self) -> int:
        """How many standbys stream from it."""
        return int(
            self._asked("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
        )

    def _settings(self) -> dict[str, str]:
        return SETTINGS | {
            "listen_addresses": self.host.address,
            "port": str(self.port),
            "config_file": str(self.config),
        }

    def _conninfo(self, primary: Host, user: str) -> str:
        return f"host={primary.address} port={self.port} user={user} passfile={self._passfile}"

    @property
    def _passfile(self) -> Path:
        return self.folder / "pgpass"

    def _private(self) -> None:
        self.folder.mkdir(exist_ok=True)
        kept.write_private(self._passfile, f"*:*:*:*:{self.secret}\n")
        if os.geteuid() == 0:
            os.chown(self._passfile, cluster.SERVER_USER, cluster.SERVER_USER)

    def _let_in(self) -> None:
        lines = [f"host {who} all samenet scram-sha-256" for who in ("all", "replication")]
        (self.data / "pg_hba.conf").write_text("\n".join(lines) + "\n")

    def _follow(self) -> None:
        signal_file = self.data / "standby.signal"
        signal_file.touch()
        self.give(signal_file)

    def _tool(self, name: str, *arguments: str) -> None:
        command = launched([str(wheel() / "bin" / name), *arguments], signal.SIGKILL, self.user)
        done = subprocess.run(
            [*self.host.entry, *command], cwd=self.data, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ServerError(f"{name} on {self.host.name}: {done.stderr.strip()}")

    def _as_admin(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=self.host.address,
            port=self.port,
            user=cluster.ADMIN,
            password=self.secret,
            dbname="postgres",
            autocommit=True,
            connect_timeout=3,
        )

    def _asked(self, query: str) -> Any:
        with self._as_admin() as connection:
            row = connection.execute(query).fetchone()
        return row and row[0]


def rendered(text: str, host: Host, passfile: Path) -> str:
    changes = {
        "10.0.0.": host.address.rpartition(".")[0] + ".",
        "application_name=db1": f"application_name={host.name}",
        "/var/lib/postgresql/.pgpass": str(passfile),
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def straight_to(databases: Iterable[PostgreSQL]) -> str:
    """DATABASE_URL without a pooler: whichever of them takes writes."""
    each = tuple(databases)
    hosts = ",".join(database.host.address for database in each)
    ports = ",".join(str(database.port) for database in each)
    return (
        f"postgresql://{ROLE}:{each[0].secret}@/{DATABASE}"
        f"?host={hosts}&port={ports}&target_session_attrs=read-write"
    )
