"""Erases whoever is asked for, step by step: whoever goes on after somebody who died finds each
step done or not done, never half."""

from collections.abc import Callable
from datetime import datetime

import structlog
from redis import RedisError

from app import live, presence
from app.exports import prepare_export
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.models import ErasureState
from app.privacy import kept_opt_outs, transitions
from app.privacy.forget_rows import NotYet, forget_rows
from app.privacy.rewrite_archives import rewrite_archives
from app.privacy.transitions import Held
from app.tenancy import tenant_scope

log = structlog.get_logger()


def erase_due(now: datetime) -> None:
    """All who are due, of all tenants; then opt-outs are asked for of what has become known."""
    clock = running(now)
    while not shutdown.requested() and (held := transitions.take(clock())):
        with tenant_scope(held.tenant_id):
            _go_on(held, clock)
        db.session.remove()
    kept_opt_outs.ask(now)


def _go_on(held: Held, clock: Callable[[], datetime]) -> None:
    try:
        _erase(held, clock)
    except NotYet as why:
        db.session.rollback()
        transitions.put_back(held, str(why), clock() + transitions.PAUSE)
    except Exception as error:
        db.session.rollback()
        log.error("erasure_broke", tenant=held.tenant_id, erasure=held.id, fault=place(error))
        transitions.put_back(held, "", clock() + transitions.LONG_PAUSE)


def _erase(held: Held, clock: Callable[[], datetime]) -> None:
    """Raises NotYet."""
    if held.state == ErasureState.ASKED:
        forget_rows(held, clock())
        live.publish(held.tenant_id, held.customer_id, "*")
    rewrite_archives(held, clock)
    # Made before, or begun before their rows went; another can be asked for at once.
    prepare_export.remove_all(clock())
    db.session.commit()
    _forget_in_redis(held)
    if transitions.done(held, clock()):
        log.info("person_erased", tenant=held.tenant_id, erasure=held.id)


def _forget_in_redis(held: Held) -> None:
    """Where Redis is away, what stands there lapses within a minute."""
    try:
        presence.forget(held.tenant_id, held.customer_id)
    except RedisError as error:
        log.warning("presence_unknown", error=type(error).__name__)
