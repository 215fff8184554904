"""What breaks, a kind a file: its seconds, in which all is to be well again, and how it strikes."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from cluster.stage import Cluster
from cluster.troubles import (
    balancer_lost,
    bouncer_astray,
    bouncer_cut,
    locks_left,
    nothing,
    primary_alone,
    primary_cut,
    primary_killed,
    rolling_deploy,
    standby_cut,
    streams_lost,
    valkey_cut,
    valkey_killed,
    web_cut,
    worker_cut,
)


@dataclass(frozen=True)
class Trouble:
    name: str
    what: str
    """The first line of its file."""
    seconds: float
    strike: Callable[[Cluster], str]
    """What is to be told of it, which may be nothing."""


def _kind(module: ModuleType) -> Trouble:
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    what = (module.__doc__ or "").splitlines()[0]
    return Trouble(name, what, module.SECONDS, module.strike)


KINDS = {
    kind.name: kind
    for kind in map(
        _kind,
        (
            nothing,
            web_cut,
            worker_cut,
            locks_left,
            bouncer_cut,
            bouncer_astray,
            balancer_lost,
            standby_cut,
            primary_killed,
            primary_cut,
            primary_alone,
            valkey_killed,
            valkey_cut,
            streams_lost,
            rolling_deploy,
        ),
    )
}
