"""Housekeeping: what happened long ago, and what rules made of it, is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.extensions import db
from app.lib import shutdown
from app.models import AutomationEvent
from app.tenancy import unscoped

KEPT = timedelta(days=90)
AT_ONCE = 10_000


def forget(now: datetime) -> None:
    """Delete events older than KEPT, of all tenants, with their runs; some at a time, each time
    committed."""
    old = select(AutomationEvent.id).where(
        AutomationEvent.at < now - KEPT, AutomationEvent.judged_at.is_not(None)
    )
    some = delete(AutomationEvent).where(
        AutomationEvent.id.in_(old.order_by(AutomationEvent.id).limit(AT_ONCE))
    )
    with unscoped("events of all tenants grow old"):
        while not shutdown.requested():
            gone = some.returning(AutomationEvent.id)
            found = db.session.scalars(gone.execution_options(synchronize_session=False)).all()
            db.session.commit()
            if len(found) < AT_ONCE:
                return
