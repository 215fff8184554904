"""The dead letter queue: what was tried as often as makes sense stands aside for the operator."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import DeadLetter, Message
from app.tenancy import current_tenant_id, unscoped

# What a message is as long as it stands aside.
ASIDE = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


def bury_message(message_id: int, attempts: int, reason: str, now: datetime) -> None:
    """Part of the caller's transaction, in which the message failed or became unknown."""
    _bury("message_id", message_id=message_id, attempts=attempts, reason=reason, since=now)


def bury_media(media_id: int, attempts: int, reason: str, now: datetime) -> None:
    """Part of the caller's transaction, in which the attachment failed."""
    _bury("media_id", media_id=media_id, attempts=attempts, reason=reason, since=now)


def _bury(key: str, **values: Any) -> None:
    row = insert(DeadLetter).values(tenant_id=current_tenant_id(), **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["tenant_id", key], set_=values))


def take_over(message_id: int) -> None:
    """Staff deal with the message themselves. Part of the caller's transaction.

    The row is who may try it again: an operator who wants to at this moment waits for it, and
    then finds it gone.
    """
    db.session.execute(
        delete(DeadLetter)
        .where(DeadLetter.message_id == message_id)
        .execution_options(synchronize_session=False)
    )


def forget_recovered() -> None:
    """What a late report or staff settled, or was stored after all: nobody need look at it."""
    over = or_(Message.status.not_in(ASIDE), Message.dealt_with)
    settled = exists().where(Message.id == DeadLetter.message_id, over)
    stored = exists().where(
        Message.tenant_id == DeadLetter.tenant_id, Message.provider_sid == DeadLetter.sid
    )
    with unscoped("the outbox is one for all tenants"):
        db.session.execute(
            delete(DeadLetter).where(settled | stored).execution_options(synchronize_session=False)
        )
        db.session.commit()
