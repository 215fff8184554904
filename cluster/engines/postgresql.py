"""PostgreSQL on one of three hosts, as deploy/postgresql has it, but for addresses."""

import os
import shutil
import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.servers import cluster, kept
from app.servers.own_role import introduce
from app.servers.postgres import DATABASE, ROLE, SETTINGS, wheel
from cluster.engines.engine import DEPLOY, Engine
from cluster.plan import POSTGRESQL, Host

FILE = DEPLOY / "postgresql" / "replication.conf"
REPLICATOR = "replicator"
ALONE = "synchronous_standby_names = ''"


@dataclass
class PostgreSQL(Engine):
    """A primary or a standby: the file standby.signal alone says which."""

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
    def passfile(self) -> Path:
        return self.folder / "pgpass"

    @property
    def url(self) -> str:
        """As the program's role, straight to it."""
        return f"postgresql://{ROLE}:{self.secret}@{self.host.address}:{self.port}/{DATABASE}"

    def initialize(self) -> None:
        """Make the data of the first primary, which lets in whoever is in this network."""
        self._keep_password()
        cluster.create(self.data, wheel() / "bin" / "initdb", self.secret, durable=True)
        lines = (f"host {what} all samenet scram-sha-256\n" for what in ("all", "replication"))
        (self.data / "pg_hba.conf").write_text("".join(lines))

    def empty(self) -> None:
        """Make room for a copy of another's data."""
        self._keep_password()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.give(self.data)

    def prepare(self) -> None:
        cluster.wait_until_free(self.data)
        self.config.write_text(self.written())
        self.config.chmod(0o644)

    def written(self) -> str:
        made = rendered(FILE.read_text(), self.host, self.passfile)
        return made if self.synchronous else f"{made}{ALONE}\n"

    def command(self) -> list[str]:
        settings = SETTINGS | {
            "listen_addresses": self.host.address,
            "port": str(self.port),
            "config_file": str(self.config),
        }
        options = (f"--{name}={value}" for name, value in settings.items())
        return [str(wheel() / "bin" / "postgres"), "-D", str(self.data), *options]

    def answers(self) -> bool:
        return cluster.ready(self.data)

    def introduce(self) -> None:
        """Make the program's role and database, and the standbys' role."""
        role, password = sql.Identifier(REPLICATOR), sql.Literal(self.secret)
        with self._as_admin() as connection:
            introduce(connection, self.secret)
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN REPLICATION PASSWORD {}").format(role, password)
            )
            # Which PgBouncer does not hand on for each session.
            connection.execute(f"ALTER ROLE {ROLE} SET jit = off")

    def asked(self, query: str) -> Any:
        """The one value that an administrator is answered with. Raises psycopg.Error."""
        with self._as_admin() as connection:
            row = connection.execute(query).fetchone()
        return row and row[0]

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

    def _keep_password(self) -> None:
        self.folder.mkdir(exist_ok=True)
        kept.write_private(self.passfile, f"*:*:*:*:{self.secret}\n")
        if os.geteuid() == 0:
            os.chown(self.passfile, cluster.SERVER_USER, cluster.SERVER_USER)


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
