"""How long requests take, and how many live streams there are, of each web process.

Under gunicorn prometheus_client adds the processes up, over files in PROMETHEUS_MULTIPROC_DIR
(gunicorn.conf.py). A route is told by its rule, never by its path: nobody makes a new series, and
no customer's id or secret is in one.
"""

import os
from enum import StrEnum
from functools import cache

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

# In seconds; the last is what Twilio waits for.
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0)
LABELS = ("route", "status")
# Addresses that are none.
NO_ROUTE = "none"

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
_streams = Gauge(
    "kaivox_live_streams",
    "Live pages that are told what changes.",
    registry=_own,
    multiprocess_mode="livesum",
)


def served(kind: Kind, route: str | None, status: int, seconds: float) -> None:
    """A request of that rule was answered; None: there is no such route."""
    _series(kind, route or NO_ROUTE, f"{status // 100}xx").observe(seconds)


@cache
def _series(kind: Kind, route: str, status: str) -> Histogram:
    return _seconds[kind].labels(route, status)


def streams(count: int) -> None:
    """So many live streams does this process serve now."""
    _streams.set(count)


def text() -> bytes:
    """Of all web processes, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_own)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return generate_latest(everybody)
