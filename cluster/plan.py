"""Which hosts there are, where they are found, and what each of them runs."""

from dataclasses import dataclass

# The last number of a host's address, as in deploy/proxies/haproxy.cfg.
NUMBERS = {
    "balancer": 10,
    "web1": 11,
    "web2": 12,
    "worker1": 21,
    "worker2": 22,
    "valkey1": 31,
    "valkey2": 32,
    "bouncer": 40,
    "db1": 41,
    "db2": 42,
    "db3": 43,
}
# Where customers, staff and the carrier are.
OUTSIDE = 1
DATABASES = ("db1", "db2", "db3")
VALKEYS = ("valkey1", "valkey2")
# Each on another host, so that the end of one leaves two of them.
SENTINELS = ("valkey1", "valkey2", "balancer")
# Parts of the program (faults/parts.py), and the hosts that run them.
PLACES = {
    "web": ("web1", "web2"),
    "streams": ("web1", "web2"),
    "worker": ("worker1", "worker2"),
    "slow-worker": ("worker1", "worker2"),
    "scheduler": ("worker1", "worker2"),
}
HTTP, CARRIER, POSTGRESQL, PGBOUNCER, VALKEY, SENTINEL = 8000, 8900, 5432, 6432, 6379, 26379


@dataclass(frozen=True)
class Host:
    name: str
    address: str
    network: str = ""
    """The file of its network namespace; empty: it shares ours."""

    @property
    def entry(self) -> list[str]:
        """The command by which the one that follows runs on it."""
        return ["nsenter", f"--net={self.network}", "--"] if self.network else []


def roles(host: str) -> list[str]:
    return [role for role, hosts in PLACES.items() if host in hosts]
