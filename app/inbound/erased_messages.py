"""Messages of somebody who was erased: whoever finds them once more at a carrier, or in a mailbox,
leaves them there. A keyed hash of the carrier's id tells."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, settings
from app.housekeeping import delete_old
from app.lib.keyed_hash import forms_of, keyed_hash
from app.models import Direction, ErasedMessage, Message
from app.tenancy import current_tenant_id

# Longer than a list of a carrier's is looked through (recover.REACH).
FOUND_FOR = timedelta(days=4)
AT_ONCE = 1000
PURPOSE = "erased messages"


def remember(customer_id: int, now: datetime) -> None:
    """What the customer wrote and can be found again. Part of the transaction that deletes it."""
    recent = Message.created_at > now - FOUND_FOR
    heard = select(Message.provider_sid, Message.channel).where(
        Message.customer_id == customer_id,
        Message.direction == Direction.INBOUND,
        Message.provider_sid.is_not(None),
        (Message.channel == "email") | recent,
    )
    for some in db.session.execute(heard).partitions(AT_ONCE):
        rows = [_row(sid, None if channel == "email" else now + FOUND_FOR) for sid, channel in some]
        db.session.execute(insert(ErasedMessage).values(rows).on_conflict_do_nothing())


def erased(sids: Collection[str]) -> set[str]:
    """Those of them that were erased, of the tenant in scope."""
    keys, ours = settings().signing_keys, current_tenant_id()
    by_digest = {digest: sid for sid in sids for digest in forms_of(keys, PURPOSE, ours, sid)}
    if not by_digest:
        return set()
    found = select(ErasedMessage.digest).where(ErasedMessage.digest.in_(by_digest))
    return {by_digest[digest] for digest in db.session.scalars(found)}


def forget(now: datetime) -> None:
    """What nobody finds any more, of all tenants."""
    delete_old(ErasedMessage, ErasedMessage.until < now)


def _row(sid: str | None, until: datetime | None) -> dict[str, object]:
    return {"tenant_id": current_tenant_id(), "digest": _digest(sid or ""), "until": until}


def _digest(sid: str) -> str:
    return keyed_hash(settings().secret_key, PURPOSE, current_tenant_id(), sid)
