"""The operator's word on what stands aside: once more, or never again.

Whoever deletes the row of what stands aside decides: two who press at once, or staff who try
the message again at that moment, do it once. What settled itself meanwhile is left alone.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.extensions import db
from app.inbound import unstorable
from app.models import DeadLetter
from app.operations import dead_letter_rows
from app.tenancy import unscoped

# What becomes of it; the customer whom it concerns, or None where nothing was changed.
Act = Callable[[dead_letter_rows.Taken], int | None]


class Settled(Enum):
    DONE = "done"
    LEFT_ALONE = "left alone"
    """It had been settled before."""
    BUSY = "busy"
    """A message that a carrier could not tell from it is on its way."""


def retry(parked_id: int, now: datetime) -> Settled:
    """One new attempt, committed: what failed is sent, what is in doubt is looked for.

    A customer's message that could not be stored stays in the list until it is.
    """
    if _change_unstorable(parked_id, attempts=unstorable.MOST_ATTEMPTS - 1):
        return Settled.DONE
    settled = _settle(parked_id, lambda row: dead_letter_rows.again(row, now))
    if settled is Settled.DONE:
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
        tasks.enqueue(tasks.Task.FETCH_MEDIA)
    return settled


def discard(parked_id: int) -> Settled:
    """It is given up for good, committed."""
    if _change_unstorable(parked_id, state="discarded"):
        return Settled.DONE
    return _settle(parked_id, dead_letter_rows.never)


def _change_unstorable(parked_id: int, **values: Any) -> bool:
    changed = (
        update(DeadLetter)
        .where(
            DeadLetter.id == parked_id, DeadLetter.state == "parked", DeadLetter.sid.is_not(None)
        )
        .values(**values)
        .returning(DeadLetter.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the operator decides about what stands aside of all businesses"):
        done = db.session.scalar(changed) is not None
        db.session.commit()
    return done


def _settle(parked_id: int, act: Act) -> Settled:
    with unscoped("the operator decides about what stands aside of all businesses"):
        try:
            row = _taken(parked_id)
            customer_id = act(row) if row else None
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return Settled.BUSY
    if row is None or customer_id is None:
        return Settled.LEFT_ALONE
    live.publish(row.tenant_id, customer_id)
    return Settled.DONE


def _taken(parked_id: int) -> dead_letter_rows.Taken | None:
    """What stood aside, unless somebody else has taken it."""
    taken = (
        delete(DeadLetter)
        .where(DeadLetter.id == parked_id, DeadLetter.state == "parked")
        .returning(DeadLetter.tenant_id, DeadLetter.message_id, DeadLetter.media_id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(taken).one_or_none()
