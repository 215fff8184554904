"""Staff ask a customer for a review."""

from datetime import datetime

from sqlalchemy import Integer, select
from sqlalchemy.orm import joinedload

from app import live, tasks
from app.extensions import db
from app.models import Customer, Notification, NotificationStatus, Tenant
from app.notifications import transitions
from app.notifications.causes import Hindrance
from app.notifications.content import review_link
from app.notifications.decision.decide import Wait, decide
from app.notifications.types.review_request import TYPE, WORTH_ASKING
from app.outbox.refused import Refused
from app.prepared import Prepared, given


def request(customer: Customer, now: datetime) -> Notification:
    """Plan a review request, due now or after quiet hours, commit it and enqueue the dispatcher.

    Pressed twice at once it is one. Raises Refused with the reason why none can be sent.
    """
    try:
        row = plan(customer, now)
    except Refused:
        db.session.rollback()
        raise
    db.session.commit()
    tasks.enqueue(tasks.Task.DISPATCH)
    live.publish(row.tenant_id, customer.id)
    return row


def plan(customer: Customer, now: datetime) -> Notification:
    """The same in the caller's transaction, who takes back what is refused."""
    if db.session.get_one(Tenant, customer.tenant_id).paused_at:
        raise Refused("All automatic messages are paused. An admin can let them go on.")
    # So that two who press at once see each other's.
    lock = select(Customer.id).where(Customer.id == customer.id)
    db.session.execute(lock.with_for_update(key_share=True))
    row = transitions.new(
        type=TYPE.key,
        customer_id=customer.id,
        link=review_link.fresh(),
        due_at=now,
        useful_until=now + WORTH_ASKING,
    )
    db.session.add(row)
    db.session.flush()
    verdict = decide(row, now)
    if isinstance(verdict, Hindrance):
        raise Refused(verdict.reason)
    if isinstance(verdict, Wait):
        row.due_at = verdict.until
    return row


def last(customer: Customer) -> Notification | None:
    """The customer's latest review request that was sent or will be."""
    id_ = _LAST.one_or_none(customer_id=customer.id)
    message = joinedload(Notification.message)
    return db.session.get(Notification, id_, options=[message]) if id_ else None


_LAST = Prepared(
    int,
    select(Notification.id)
    .where(
        Notification.customer_id == given("customer_id", Integer()),
        Notification.type == TYPE.key,
        Notification.status.in_((NotificationStatus.PLANNED, NotificationStatus.SENT)),
    )
    .order_by(Notification.id.desc())
    .limit(1),
)
