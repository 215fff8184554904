"""Events over which our own code broke: kept, tried again, and in the end dead letters.

Others came with them in one webhook, which is answered with a 200: nobody tells of them again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.extensions import db
from app.inbound.routing import Route
from app.inbound.social.account_routes import route as route_of
from app.inbound.social.receive_event import receive_event
from app.inbound.unstorable import MOST_ATTEMPTS, count
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.models import DeadLetter, KeptEvent
from app.providers import meta
from app.providers.contract import BadRequest
from app.tasks import SLOW_TIME_SLICE
from app.tenancy import key_of, tenant_scope, unscoped

EVERY = timedelta(minutes=5)
# How a dead letter names one.
NAME = "event of Meta "
# So much of its key.
SHOWN = 16
KEPT = timedelta(days=30)

log = structlog.get_logger()


def take(route: Route, channel: str, item: Mapping[str, Any], standby: bool, now: datetime) -> bool:
    """Store the event; one over which our code breaks is kept. Whether it was stored. What lacks
    what it must have is nothing that could ever be. Raises SQLAlchemy's errors where it cannot even
    be kept."""
    try:
        _store(route, channel, item, standby, now)
    except BadRequest as error:
        log.warning("event_unread", tenant=route.tenant_id, reason=str(error))
    except Exception as error:
        log.error("event_kept", tenant=route.tenant_id, fault=place(error))
        db.session.rollback()
        with tenant_scope(route.tenant_id):
            _keep(route, channel, item, standby, place(error), now)
        return False
    return True


def _store(
    route: Route, channel: str, item: Mapping[str, Any], standby: bool, now: datetime
) -> None:
    event = meta.event(route.account_sid, item, standby, now)
    if event is not None:
        receive_event(route, CHANNELS[channel], event)


def _keep(
    route: Route,
    channel: str,
    item: Mapping[str, Any],
    standby: bool,
    reason: str,
    now: datetime,
) -> None:
    said = json.dumps(item, sort_keys=True)
    key = hashlib.sha256(f"{channel}/{route.account_sid}/{said}".encode()).hexdigest()
    row = insert(KeptEvent).values(
        tenant_id=route.tenant_id,
        key=key,
        channel=channel,
        account=route.account_sid,
        said=said,
        standby=standby,
        came_at=now,
        try_at=now + EVERY,
    )
    db.session.execute(row.on_conflict_do_nothing(index_elements=["tenant_id", "key"]))
    count(NAME + key[:SHOWN], reason, now)


def try_again(now: datetime) -> int:
    """Try what is due, within a time slice; how many were stored."""
    stored, clock = 0, running(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        stored += _retry(*claimed, clock())
        db.session.remove()
        if clock() > now + SLOW_TIME_SLICE:
            break
    return stored


def _claim(now: datetime) -> tuple[int, int] | None:
    """The next one, put off first: if whoever tries it dies, it comes up again."""
    due = (
        select(*key_of(KeptEvent))
        .where(KeptEvent.try_at <= now, ~_aside())
        .order_by(KeptEvent.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(KeptEvent)
        .where(key_of(KeptEvent) == due)
        .values(try_at=now + EVERY)
        .returning(KeptEvent.tenant_id, KeptEvent.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("events of all businesses' accounts wait in one line"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return (row.tenant_id, row.id) if row else None


def _retry(tenant_id: int, id_: int, now: datetime) -> bool:
    with tenant_scope(tenant_id):
        kept = db.session.get_one(KeptEvent, id_)
        db.session.expunge(kept)
        db.session.rollback()
    route = route_of(kept.channel, kept.account)
    # An account that is connected no more, or to somebody else, has nobody to tell.
    if route is None or route.tenant_id != tenant_id:
        return _forget(tenant_id, kept)
    if not take(route, kept.channel, json.loads(kept.said), kept.standby, kept.came_at):
        return False
    return _forget(tenant_id, kept)


def _forget(tenant_id: int, kept: KeptEvent) -> bool:
    with tenant_scope(tenant_id):
        for gone in (
            delete(KeptEvent).where(KeptEvent.id == kept.id),
            delete(DeadLetter).where(DeadLetter.sid == NAME + kept.key[:SHOWN]),
        ):
            db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
    return True


def _aside() -> ColumnElement[bool]:
    """The condition that it waits for the operator, who may also have discarded it."""
    hopeless = or_(DeadLetter.attempts >= MOST_ATTEMPTS, DeadLetter.state == "discarded")
    return exists().where(
        DeadLetter.tenant_id == KeptEvent.tenant_id,
        DeadLetter.sid == NAME + func.left(KeptEvent.key, SHOWN),
        hopeless,
    )


def forget(now: datetime) -> None:
    """What has waited for the operator for long holds a customer's words for nothing."""
    old = delete(KeptEvent).where(KeptEvent.came_at < now - KEPT, _aside())
    with unscoped("events of all businesses' accounts grow old"):
        db.session.execute(old.execution_options(synchronize_session=False))
        db.session.commit()
