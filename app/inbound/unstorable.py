"""Customers' messages at the carrier over which our own code breaks:
tried, counted, and in the end dead letters."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import DeadLetter
from app.tenancy import current_tenant_id

# A look is every five minutes: what fails for half an hour fails until something is changed.
MOST_ATTEMPTS = 6


def count(sid: str, reason: str, now: datetime) -> None:
    """A customer's message could not be stored once more; in the end it stands aside."""
    row = insert(DeadLetter).values(
        tenant_id=current_tenant_id(),
        sid=sid,
        state="trying",
        attempts=1,
        reason=reason,
        since=now,
    )
    again = {
        "attempts": DeadLetter.attempts + 1,
        "reason": reason,
        "state": case((DeadLetter.attempts + 1 >= MOST_ATTEMPTS, "parked"), else_=DeadLetter.state),
    }
    db.session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "sid"], set_=again))
    db.session.commit()


def unstorable(sids: Sequence[str]) -> set[str]:
    """Those of them that are not to be tried: they stand aside, or the operator discarded them."""
    hopeless = (DeadLetter.attempts >= MOST_ATTEMPTS) | (DeadLetter.state == "discarded")
    return set(
        filter(
            None,
            db.session.scalars(select(DeadLetter.sid).where(DeadLetter.sid.in_(sids), hopeless)),
        )
    )
