"""Customers of whom a carrier itself has told that they are one: somebody wrote by WhatsApp without
their number, and then showed it (docs/adr/0032-merging.md)."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from app import live
from app.customers.merging.one_person import BeingErased, CannotMerge, make_one
from app.customers.merging.standing import kept_id, taken_apart
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.models import ContactPoint, IdentityLink
from app.tenancy import tenant_scope, unscoped

MOST = 1000

log = structlog.get_logger()


def join_identities(now: datetime) -> None:
    """All that wait, of all tenants, each in a transaction of its own. What others hold just now is
    found by the next look."""
    for tenant_id, id_ in _waiting():
        if shutdown.requested():
            return
        with tenant_scope(tenant_id):
            for customer_id in _joined(id_, now):
                live.publish(tenant_id, customer_id)
        db.session.remove()


def _waiting() -> list[tuple[int, int]]:
    waits = select(IdentityLink.tenant_id, IdentityLink.id).where(IdentityLink.settled_at.is_(None))
    with unscoped("what carriers told waits in one line"):
        found = [(row.tenant_id, row.id) for row in db.session.execute(waits.limit(MOST))]
        db.session.commit()
    return found


def _joined(id_: int, now: datetime) -> tuple[int, ...]:
    try:
        changed = _join(id_, now)
        db.session.commit()
    except (OperationalError, IntegrityError, BeingErased):
        db.session.rollback()
        return ()
    except Exception as error:
        db.session.rollback()
        log.error("identities_not_joined", link=id_, fault=place(error))
        return ()
    return changed


def _join(id_: int, now: datetime) -> tuple[int, ...]:
    """The customers who are one now; none where that is so already, or for people to decide."""
    link = db.session.scalar(
        select(IdentityLink)
        .where(IdentityLink.id == id_, IdentityLink.settled_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    if link is None:
        return ()
    link.settled_at = now
    kept = kept_id(link.customer_id) or link.customer_id
    gone = _owner(link)
    if gone is None or gone == kept or taken_apart(kept, gone):
        return ()
    try:
        make_one(kept, gone, None, now, known_by=link.channel)
    except BeingErased:
        raise
    except CannotMerge:
        # Staff see why on the page that shows both (likely_same.py).
        return ()
    return kept, gone


def _owner(link: IdentityLink) -> int | None:
    here = ContactPoint.channel == link.channel, ContactPoint.address == link.address
    return db.session.scalar(select(ContactPoint.customer_id).where(*here))
