"""Where the hosts are: in networks of their own, or on addresses of this machine."""

from collections.abc import Iterable
from typing import Protocol

from cluster.networks.loopback import Loopback
from cluster.networks.namespaces import Namespaces
from cluster.plan import Host


class Network(Protocol):
    prefix: str
    """Of every host's address."""
    what: str

    def hosts(self) -> dict[str, Host]: ...

    def cut(self, host: Host, processes: Iterable[int]) -> None:
        """From now on nobody reaches it, and it reaches nobody; those processes run there."""

    def heal(self, host: Host, processes: Iterable[int]) -> None: ...


def build() -> Network:
    """Namespaces, where we may make them, as root may; else what everybody may."""
    try:
        return Namespaces()
    except OSError:
        return Loopback()
