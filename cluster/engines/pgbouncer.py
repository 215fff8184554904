"""PgBouncer as deploy/proxies has it, but for addresses: it leads to whoever is the primary."""

from dataclasses import dataclass, field
from pathlib import Path

from app.servers import kept
from app.servers.postgres import ROLE
from cluster.engines.engine import DEPLOY, Engine, program
from cluster.plan import PGBOUNCER, Host

FILE = DEPLOY / "proxies" / "pgbouncer.ini"


@dataclass
class PgBouncer(Engine):
    primary: Host
    secret: str = field(repr=False)
    name = "pgbouncer"
    port = PGBOUNCER

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.secret}@{self.host.address}:{self.port}/{ROLE}"

    def written(self) -> str:
        return rendered(FILE.read_text(), self.host, self.primary, self._users)

    @property
    def _users(self) -> Path:
        return self.folder / "userlist.txt"

    def prepare(self) -> None:
        super().prepare()
        kept.write_private(self._users, f'"{ROLE}" "{self.secret}"\n')
        self.give(self._users)

    def command(self) -> list[str]:
        return [program("pgbouncer"), str(self.config)]


def rendered(text: str, host: Host, primary: Host, users: Path) -> str:
    changes = {
        "host=db.internal": f"host={primary.address}",
        "listen_addr = *": f"listen_addr = {host.address}",
        "/etc/pgbouncer/userlist.txt": str(users),
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    return f"{text}\nunix_socket_dir =\n"
