"""How long requests take, of each web process.

Under gunicorn prometheus_client adds the processes up, over files in PROMETHEUS_MULTIPROC_DIR
(gunicorn.conf.py). A route is told by its rule, never by its path: nobody makes a new series, and
no customer's id or secret is in one.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

# In seconds; the last is what Twilio waits for.
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0)
LABELS = ("route", "status")
# Addresses that are none.
NO_ROUTE = "none"
# What the library names its files by.
KINDS = ("counter", "histogram")

_own = CollectorRegistry()


class Kind(StrEnum):
    WEBHOOK = "webhook"
    PAGE = "page"


_seconds = {
    Kind.WEBHOOK: Histogram(
        "kaivox_webhook_seconds",
        "How long webhooks take, by route and status.",
        LABELS,
        buckets=BUCKETS,
        registry=_own,
    ),
    Kind.PAGE: Histogram(
        "kaivox_page_seconds",
        "How long all other requests take, by route and status; streams until they begin.",
        LABELS,
        buckets=BUCKETS,
        registry=_own,
    ),
}


def served(kind: Kind, route: str | None, status: int, seconds: float) -> None:
    """A request of that rule was answered; None: there is no such route."""
    _series(kind, route or NO_ROUTE, f"{status // 100}xx").observe(seconds)


@cache
def _series(kind: Kind, route: str, status: str) -> Histogram:
    return _seconds[kind].labels(route, status)


def exposition() -> bytes:
    """Of all web processes, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_own)
    everybody = CollectorRegistry()
    _Processes(everybody)
    return generate_latest(everybody)


class _Processes(MultiProcessCollector):
    """All that have written something: one that was killed at its very start left a file that the
    library cannot read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        files = (file for kind in KINDS for file in Path(self._path).glob(f"{kind}_*.db"))
        written = [str(file) for file in files if _size(file)]
        return self.merge(written, accumulate=True)  # type: ignore[no-untyped-call, no-any-return]


def _size(file: Path) -> int:
    # That of a process that ends just now is taken away.
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0
