"""Whose turn it is to list a number at the carrier: of several workers one, and not too often."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import InboundCheck
from app.tenancy import current_tenant_id, tenant_scope

# A little less than the timetable's step, which is never quite even.
EVERY = timedelta(minutes=4)
# Longer than any listing; whoever has not ended it by then is dead.
LEASE = timedelta(minutes=15)


def take(tenant_id: int, channel: str, now: datetime) -> bool:
    """Whether the channel is due and the turn is ours, committed."""
    with tenant_scope(tenant_id):
        row = insert(InboundCheck).values(
            tenant_id=current_tenant_id(), channel=channel, due_at=now + LEASE
        )
        ours = row.on_conflict_do_update(
            index_elements=["tenant_id", "channel"],
            set_={"due_at": now + LEASE},
            where=InboundCheck.due_at <= now,
        ).returning(InboundCheck.channel)
        taken = db.session.scalar(ours) is not None
        db.session.commit()
    return taken


def end(tenant_id: int, channel: str, now: datetime) -> None:
    """The channel was listed: it is due again after a while."""
    done = (
        update(InboundCheck)
        .where(InboundCheck.channel == channel)
        .values(due_at=now + EVERY)
        .execution_options(synchronize_session=False)
    )
    with tenant_scope(tenant_id):
        db.session.execute(done)
        db.session.commit()
