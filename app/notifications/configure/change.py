"""Writes down how a business wants its automatic messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import tasks
from app.extensions import db
from app.models import Notification, NotificationSetting, Tenant
from app.notifications import transitions
from app.notifications.causes import Cause
from app.notifications.configure.proposal import propose
from app.notifications.planning import replan
from app.notifications.settings import Policy, Wanted, policy
from app.tenancy import current_tenant_id

PAUSED_TOO_LONG = "All automatic messages were paused until it would have come too late."


def change(values: Mapping[str, Any], now: datetime) -> Policy:
    """Save the given settings, committed; what they plan anew follows soon. What is not named
    stays, and where nothing changes nothing is planned anew. Raises Wrong, and then nothing is
    saved."""
    tenant = _locked()
    present = policy()
    proposed = propose(present, values)
    if proposed == present:
        db.session.rollback()
        return present
    stored = {row.type: row for row in db.session.scalars(select(NotificationSetting))}
    for key, wanted in proposed.types.items():
        _put(stored.get(key), wanted, now)
    tenant.quiet_from, tenant.quiet_until = proposed.quiet_from, proposed.quiet_until
    tenant.reply_cancels = proposed.reply_cancels
    replan.anew(now)
    db.session.commit()
    tasks.enqueue(tasks.Task.PLAN)
    return proposed


def pause(now: datetime) -> None:
    """Nothing automatic is sent any more, committed; paused already, it stays so since then."""
    tenant = _locked()
    tenant.paused_at = tenant.paused_at or now
    db.session.commit()


def resume(now: datetime) -> None:
    """Automatic messages go on, committed; what came too late meanwhile says so."""
    tenant = _locked()
    if tenant.paused_at:
        late = [Notification.useful_until <= now]
        db.session.execute(transitions.skip_all(late, Cause.LATE, PAUSED_TOO_LONG, now))
        tenant.paused_at = None
    db.session.commit()
    tasks.enqueue(tasks.Task.DISPATCH)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def _locked() -> Tenant:
    """The tenant in scope, so that of two who change it at once the second sees the first's."""
    query = select(Tenant).where(Tenant.id == current_tenant_id()).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _put(row: NotificationSetting | None, wanted: Wanted, now: datetime) -> None:
    if row is None:
        row = NotificationSetting(type=wanted.type.key)
        db.session.add(row)
    values = {
        "enabled": wanted.enabled,
        "channel": wanted.channel,
        "falls_back": wanted.falls_back,
        "options": wanted.options,
    }
    if any(getattr(row, name) != value for name, value in values.items()):
        row.changed_at = now
        for name, value in values.items():
            setattr(row, name, value)
