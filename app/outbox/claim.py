"""Which rows of the outbox somebody is sending, and until when nobody else may."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message
from app.outbox.consent import stopped
from app.tenancy import unscoped

# Longer than the provider's timeouts together, so that an expired lease means a dead sender.
LEASE = timedelta(seconds=60)
LOST = (
    "Sending was interrupted, and we cannot tell whether the message went out. Look for the "
    "customer's answer before you write again."
)


def claim(now: datetime, most: int) -> list[Message]:
    """Take up to so many due messages, of any tenant, committed; whoever else looks skips them."""
    due = (
        select(Message.id)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after <= now, ~stopped())
        .order_by(Message.send_after, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Message)
        .where(Message.id.in_(due))
        .values(
            status=MessageStatus.SENDING,
            claim=uuid.uuid4(),
            lease_until=now + LEASE,
            attempts=Message.attempts + 1,
        )
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        messages = list(db.session.scalars(taken))
        db.session.expunge_all()
        db.session.commit()
    return messages


def give_up_on_the_dead(now: datetime) -> int:
    """Messages whose sender died while it held them: their fate is unknown, and says so.

    A status callback that names the message still tells the truth later. Returns how many.
    """
    lost = (
        update(Message)
        .where(Message.status == MessageStatus.SENDING, Message.lease_until < now)
        .values(status=MessageStatus.UNKNOWN, error=LOST, claim=None, lease_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        ids = db.session.scalars(lost).all()
        db.session.commit()
    return len(ids)
