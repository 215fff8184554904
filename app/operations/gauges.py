"""How the work of all businesses goes, as Prometheus asks it: each a look at an index, or at Redis.

No label names a business or a customer; where the database, Redis or the process of the streams is
away, what it would say is left out, and `kaivox_up` says so.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis import RedisError
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.exc import SQLAlchemyError

from app import heartbeat, tasks
from app.extensions import db, redis_client, settings
from app.lib.message_status import MessageStatus
from app.metrics import sends
from app.models import HealthResult, Message, SenderPause
from app.operations import dead_letter_list
from app.operations.health import oldest_due
from app.streams import door
from app.tenancy import unscoped

# Beyond it a number says no more than "very many".
MOST_COUNTED = 100_000
WHY = "how the work of all businesses goes"


def exposition(now: datetime) -> bytes:
    """In Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Gauges(now))
    return generate_latest(registry)


class _Gauges(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("kaivox_up", "Whether a server answers.", labels=["server"])
        for server, ask in SERVERS.items():
            found = _asked(ask, self._now)
            up.add_metric([server], float(found is not None))
            yield from found or []
        yield up


def _asked(ask: Callable[[datetime], Iterator[Metric]], now: datetime) -> list[Metric] | None:
    try:
        return list(ask(now))
    except (SQLAlchemyError, RedisError, OSError):
        db.session.rollback()
        return None


def _of_database(now: datetime) -> Iterator[Metric]:
    with unscoped(WHY):
        due = Message.status == MessageStatus.QUEUED, Message.send_after <= now
        yield _gauge("kaivox_outbox_due", "Messages that are due to be sent.", _count(*due))
        doubted = Message.status == MessageStatus.CHECKING
        yield _gauge("kaivox_outbox_in_doubt", "Messages that are looked for.", _count(doubted))
        yield _gauge("kaivox_outbox_oldest_due_seconds", OLDEST, _waited(now))
        paused = select(func.count()).select_from(SenderPause).where(SenderPause.until > now)
        yield _gauge("kaivox_paused_senders", "Senders at fault.", db.session.scalar(paused) or 0)
        yield _gauge("kaivox_dead_letters", "Work that stands aside.", dead_letter_list.count())
        yield _health()


OLDEST = "How long the oldest message that could be sent has been due."


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _count(*which: ColumnElement[bool]) -> int:
    found = select(literal(1)).select_from(Message).where(*which).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _waited(now: datetime) -> float:
    since = oldest_due(now)
    return (now - since).total_seconds() if since else 0.0


def _health() -> Metric:
    told = GaugeMetricFamily(
        "kaivox_health_checks",
        "Businesses (or the platform: 1) whose check was in that state when it was last looked at.",
        labels=["scope", "check", "state"],
    )
    of_platform = HealthResult.tenant_id.is_(None)
    groups = select(of_platform, HealthResult.check, HealthResult.state, func.count())
    for shared, check, state, count in db.session.execute(
        groups.group_by(of_platform, HealthResult.check, HealthResult.state)
    ):
        told.add_metric(["platform" if shared else "business", check, state], count)
    return told


def _of_redis(now: datetime) -> Iterator[Metric]:
    redis_client().ping()
    waiting = GaugeMetricFamily("kaivox_jobs_waiting", "Jobs that wait.", labels=["queue"])
    for queue in tasks.WorkerQueue:
        waiting.add_metric([queue], tasks.depth(queue))
    yield waiting
    every = GaugeMetricFamily(
        "kaivox_tick_every_seconds", "How often a job of the timetable is promised.", labels=["job"]
    )
    ago = GaugeMetricFamily(
        "kaivox_tick_age_seconds", "Since when it has not ended well.", labels=["job"]
    )
    for job, (seconds, age) in heartbeat.ages(now).items():
        every.add_metric([job], seconds)
        ago.add_metric([job], age)
    yield every
    yield ago
    counted = CounterMetricFamily(
        "kaivox_sends", "Attempts to send, by what came of them.", labels=["channel", "result"]
    )
    for channel, result, count in sends.counted():
        counted.add_metric([channel, result], count)
    yield counted


def _of_streams(now: datetime) -> Iterator[Metric]:
    told = door.state(settings())
    yield _gauge("kaivox_live_streams", "Live pages that are told what changes.", told.streams)
    yield _gauge("kaivox_live_deaf", "Whether they look by themselves: no Redis.", told.deaf)


SERVERS = {"database": _of_database, "redis": _of_redis, "streams": _of_streams}
