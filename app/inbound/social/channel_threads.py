"""The carrier's threads with customers: whose window is open, and who answers there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.inbox.conversation_log import By, write
from app.models import ChannelThread, ContactPoint, ConversationEvent
from app.models import ConversationEventKind as Kind
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id

# Then whoever took a thread has lost it (Meta, Conversation Routing).
HELD = timedelta(hours=24)


def customer_of(channel: Channel, person: str) -> int | None:
    """Whose id on the channel that is; None: nobody's who has written yet."""
    known = ContactPoint.channel == channel.key, ContactPoint.address == person
    return db.session.scalar(select(ContactPoint.customer_id).where(*known))


def open_window(channel: Channel, customer_id: int, at: datetime) -> None:
    """They did what opens the session window. Part of the caller's transaction."""
    opened = {"opened_at": func.greatest(ChannelThread.opened_at, at)}
    _keep(channel, customer_id, {"opened_at": at}, opened)


def met(channel: Channel, met: events.Met, account: str) -> None:
    """Somebody who has never written is nobody yet."""
    if customer_id := customer_of(channel, met.person):
        open_window(channel, customer_id, met.at)
        db.session.commit()
        live.publish(current_tenant_id(), customer_id)


def held(channel: Channel, person: str, at: datetime) -> None:
    """Another app answers them now."""
    _hold(channel, person, at + HELD)


def handed(channel: Channel, handed: events.Handed, account: str) -> None:
    _hold(channel, handed.person, None if handed.ours else handed.at + HELD)


def came_by(channel: Channel, said: events.Said) -> None:
    """What led them here stands in the conversation, once."""
    customer_id = customer_of(channel, said.person)
    known = ConversationEvent.kind == Kind.CAME_BY, ConversationEvent.at == said.at
    mine = ConversationEvent.customer_id == customer_id
    if customer_id and not db.session.scalar(select(ConversationEvent.id).where(*known, mine)):
        write(Kind.CAME_BY, customer_id, By(), said.at, about=said.source)
        db.session.commit()


def _hold(channel: Channel, person: str, until: datetime | None) -> None:
    if customer_id := customer_of(channel, person):
        _keep(channel, customer_id, {"held_until": until}, {"held_until": until})
        db.session.commit()
        live.publish(current_tenant_id(), customer_id)


def _keep(channel: Channel, customer_id: int, new: dict[str, Any], known: dict[str, Any]) -> None:
    row = insert(ChannelThread).values(
        tenant_id=current_tenant_id(), customer_id=customer_id, channel=channel.key, **new
    )
    key = ["tenant_id", "customer_id", "channel"]
    db.session.execute(row.on_conflict_do_update(index_elements=key, set_=known))
