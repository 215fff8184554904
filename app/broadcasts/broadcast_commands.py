"""What an admin does with a broadcast: start, pause, let go on, stop. Each commits."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app import tasks
from app.broadcasts import transitions
from app.broadcasts.audience import Cause
from app.broadcasts.offer_text import missing
from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    Broadcast,
    BroadcastRecipient,
    CustomerSegment,
    Message,
    Tenant,
    WhatsappTemplate,
)
from app.outbox import transitions as messages
from app.outbox.refused import Refused
from app.outbox.sender import missing as no_sender
from app.outbox.sender import sender
from app.providers import provider
from app.tenancy import current_tenant_id

LATEST = timedelta(days=60)
NO_SEGMENT = "Choose the segment that it is for."
CHANGED = "It was changed or started meanwhile. Look at it again before you start it."
NOT_SO = "It is not under way any more. Look at it again."
ENDED = "The broadcast was stopped before this left."


def obstacles(broadcast: Broadcast, tenant: Tenant) -> list[str]:
    """A sentence for each thing that is to be put right before it can start."""
    channel, found = CHANNELS[broadcast.channel], list[str]()
    if broadcast.segment_id is None:
        found.append(NO_SEGMENT)
    if provider(channel.provider) is None:
        found.append(f"{channel.label} is not connected yet.")
    elif sender(tenant, channel) is None:
        found.append(no_sender(channel))
    template = broadcast.approved_id and db.session.get(WhatsappTemplate, broadcast.approved_id)
    return found + missing(broadcast, template or None)


def start(
    broadcast: Broadcast, seen: int, at: datetime | None, user_id: int | None, now: datetime
) -> None:
    """seen: the version of the draft that its preview showed; at: when it begins; None: now.
    Raises Refused with what is missing."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if wrong := obstacles(broadcast, tenant):
        raise Refused(" ".join(wrong))
    if at and not now - timedelta(minutes=5) <= at <= now + LATEST:
        raise Refused(f"Start it now, or at a time within {LATEST.days} days.")
    segment = db.session.get_one(CustomerSegment, broadcast.segment_id)
    given = {"filters": segment.filters, "started_by_id": user_id}
    _done(transitions.start(broadcast.id, seen, at or now, **given), CHANGED)
    tasks.enqueue(tasks.Task.SEND_OFFERS)


def pause(broadcast: Broadcast) -> None:
    """What waits in the outbox is held there (app/outbox/offers.py). Raises Refused."""
    _done(transitions.pause(broadcast.id), NOT_SO)


def go_on(broadcast: Broadcast) -> None:
    """Raises Refused."""
    _done(transitions.go_on(broadcast.id), NOT_SO)
    tasks.enqueue(tasks.Task.SEND_OFFERS)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def stop(broadcast: Broadcast, now: datetime) -> None:
    """What has not left never does. Raises Refused."""
    moved = transitions.stop(broadcast.id, now)
    if moved:
        mine = BroadcastRecipient.broadcast_id == broadcast.id
        ids = select(BroadcastRecipient.message_id).where(
            mine, BroadcastRecipient.cause == Cause.SENT
        )
        waits = Message.status == MessageStatus.QUEUED
        db.session.execute(messages.cancel([Message.id.in_(ids), waits], ENDED))
    _done(moved, NOT_SO)


def _done(moved: bool, otherwise: str) -> None:
    if not moved:
        db.session.rollback()
        raise Refused(otherwise)
    db.session.commit()
