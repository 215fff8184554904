"""Housekeeping: what happened long ago is forgotten, with what rules and webhooks made of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from app.extensions import db
from app.lib import shutdown
from app.models import AutomationEvent, DeliveryStatus, WebhookDelivery
from app.tenancy import unscoped

KEPT = timedelta(days=90)
DELIVERIES_KEPT = timedelta(days=30)
OVER = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)
AT_ONCE = 10_000


def forget(now: datetime) -> None:
    """Delete events older than KEPT, of all tenants, with their runs, and deliveries that have been
    over for DELIVERIES_KEPT; some at a time, each time committed."""
    judged = AutomationEvent.judged_at.is_not(None)
    over = WebhookDelivery.status.in_(OVER)
    _delete(AutomationEvent, (AutomationEvent.at < now - KEPT) & judged)
    _delete(WebhookDelivery, (WebhookDelivery.created_at < now - DELIVERIES_KEPT) & over)


def _delete(
    kind: type[AutomationEvent] | type[WebhookDelivery], which: ColumnElement[bool]
) -> None:
    old = select(kind.id).where(which).order_by(kind.id).limit(AT_ONCE)
    some = delete(kind).where(kind.id.in_(old)).returning(kind.id)
    with unscoped("events of all tenants grow old"):
        while not shutdown.requested():
            gone = db.session.scalars(some.execution_options(synchronize_session=False)).all()
            db.session.commit()
            if len(gone) < AT_ONCE:
                return
