"""The life of an erasure: asked for, its rows forgotten, done. Nothing else writes its state; every
step holds as long as the claim is ours."""

import uuid
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import Erasure, ErasureState
from app.tenancy import current_tenant_id, key_of, unscoped

# Longer than any step takes: all rows of somebody, or one archive's file.
LEASE = timedelta(minutes=15)
# What it waits for is over by then, mostly.
PAUSE = timedelta(seconds=20)
# After a fault of ours.
LONG_PAUSE = timedelta(minutes=5)


class Held(NamedTuple):
    """An erasure that we work at, as it was when we took it."""

    tenant_id: int
    id: int
    customer_id: int
    state: str
    claim: uuid.UUID
    archive_id: int | None
    archive_sha256: str | None


def ask(customer_id: int, asked_by: str, now: datetime) -> bool:
    """Of the tenant in scope; False where it was asked for before. Part of the caller's
    transaction."""
    row = insert(Erasure).values(
        tenant_id=current_tenant_id(),
        customer_id=customer_id,
        asked_at=now,
        asked_by=asked_by,
        try_at=now,
    )
    return db.session.scalar(row.on_conflict_do_nothing().returning(Erasure.id)) is not None


def take(now: datetime) -> Held | None:
    """The next of any tenant that is due and that nobody works at, claimed and committed."""
    free = or_(Erasure.lease_until.is_(None), Erasure.lease_until <= now)
    due = select(*key_of(Erasure)).where(
        Erasure.state != ErasureState.DONE, Erasure.try_at <= now, free
    )
    first = due.order_by(Erasure.try_at).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(Erasure)
        .where(key_of(Erasure) == first.scalar_subquery())
        .values(claim=uuid.uuid4(), lease_until=now + LEASE)
        .returning(*(getattr(Erasure, name) for name in Held._fields))
        .execution_options(synchronize_session=False)
    )
    with unscoped("erasures of all tenants wait in one line"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return Held(*row) if row else None


def forgotten(held: Held, said: list[str], gone: dict[str, int], kept: int) -> bool:
    """ASKED → FORGOTTEN, in the transaction that deletes the rows. said: by what words the audit
    log is searched, of which nothing is kept."""
    counted = {"gone": gone, "kept": kept, "waits": ""}
    return _moved(held, state=ErasureState.FORGOTTEN, said=said or None, **counted)


def note(held: Held, now: datetime, **values: Any) -> bool:
    """Go on with it; whether it is still ours. Commits, as all that follow."""
    return _committed(held, lease_until=now + LEASE, **values)


def done(held: Held, now: datetime) -> bool:
    """FORGOTTEN → DONE."""
    over = {"claim": None, "lease_until": None, "waits": ""}
    return _committed(held, state=ErasureState.DONE, done_at=now, **over)


def put_back(held: Held, why: str, until: datetime) -> bool:
    """For then. why: what it waits for."""
    return _committed(held, claim=None, lease_until=None, waits=why, try_at=until)


def _committed(held: Held, **values: Any) -> bool:
    moved = _moved(held, **values)
    db.session.commit()
    return moved


def _moved(held: Held, **values: Any) -> bool:
    ours = Erasure.id == held.id, Erasure.claim == held.claim
    move = update(Erasure).where(*ours).values(**values).returning(Erasure.id)
    return db.session.scalar(move.execution_options(synchronize_session=False)) is not None
