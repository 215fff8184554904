"""HAProxy as deploy/proxies has it, but for addresses, and without https."""

from dataclasses import dataclass

from cluster.engines.engine import DEPLOY, Engine, program
from cluster.plan import HTTP, VALKEY, Host

FILE = DEPLOY / "proxies" / "haproxy.cfg"
WITH_HTTPS = ("bind :443", "redirect scheme https")


@dataclass
class HAProxy(Engine):
    name = "haproxy"
    port = HTTP

    def written(self) -> str:
        return rendered(FILE.read_text(), self.host)

    def command(self) -> list[str]:
        return [program("haproxy"), "-db", "-f", str(self.config)]


def rendered(text: str, host: Host) -> str:
    lines = (line for line in text.splitlines() if not any(each in line for each in WITH_HTTPS))
    changes = {
        "bind :80": f"bind {host.address}:{HTTP}",
        "bind :6379": f"bind {host.address}:{VALKEY}",
        "X-Forwarded-Proto https": "X-Forwarded-Proto http",
        "inbox.example.com": f"{host.address}:{HTTP}",
        "10.0.0.": host.address.rpartition(".")[0] + ".",
    }
    made = "\n".join(lines) + "\n"
    for old, new in changes.items():
        made = made.replace(old, new)
    return made
