"""Offers in the outbox: one goes only as long as its reader agrees to offers, and its broadcast is
under way. Both are asked as it leaves."""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased

from app.models import (
    Broadcast,
    BroadcastRecipient,
    BroadcastStatus,
    ConsentEvent,
    MarketingConsent,
    Message,
    OptOut,
)

# The token of an offer begins so; its recipient's row and round follow. Nobody can post it
# (admin_views/posted.py).
OFFER = "offer-"
# So long after an offer what its customer does counts as done upon it.
UPON = timedelta(days=7)


def agrees(channel: Any, address: Any, tenant_id: Any) -> ColumnElement[bool]:
    """The condition that offers may go to the address that columns are: the last word there is a
    yes, and no STOP came after it."""
    row, later = aliased(MarketingConsent), aliased(MarketingConsent)
    here = row.tenant_id == tenant_id, row.channel == channel, row.address == address
    same = later.tenant_id == row.tenant_id, later.channel == row.channel
    last = ~exists().where(*same, later.address == row.address, later.id > row.id)
    return exists().where(*here, row.said == "yes", last, ~ended(row))


def ended(row: Any) -> ColumnElement[bool]:
    """Whether a STOP came after that word of the ledger, or stands there."""
    spoken = exists().where(
        ConsentEvent.tenant_id == row.tenant_id,
        ConsentEvent.channel == row.channel,
        ConsentEvent.address == row.address,
        ConsentEvent.said == "stop",
        ConsentEvent.at >= func.coalesce(row.given_at, row.at),
    )
    stands = exists().where(
        OptOut.tenant_id == row.tenant_id,
        OptOut.channel == row.channel,
        OptOut.address == row.address,
    )
    return or_(spoken, stands)


@cache
def held() -> ColumnElement[bool]:
    """The condition that a message is an offer, and may not leave now."""
    under_way = exists().where(
        BroadcastRecipient.tenant_id == Message.tenant_id,
        BroadcastRecipient.message_id == Message.id,
        Broadcast.tenant_id == BroadcastRecipient.tenant_id,
        Broadcast.id == BroadcastRecipient.broadcast_id,
        Broadcast.status == BroadcastStatus.RUNNING,
    )
    return and_(is_offer(), or_(~under_way, ~wanted()))


def is_offer() -> ColumnElement[bool]:
    # Never null: what has no token is none.
    return and_(Message.client_token.is_not(None), Message.client_token.startswith(OFFER))


def wanted() -> ColumnElement[bool]:
    return agrees(Message.channel, Message.recipient, Message.tenant_id)
