"""Stores what an event tells, in the tenant's scope; told twice it changes nothing."""

from collections.abc import Callable
from typing import Any

from app.channels.channel import Channel
from app.inbound.receive import receive
from app.inbound.routing import Route
from app.inbound.social import channel_threads, echoes, meta_health, reactions, receipts, revisions
from app.providers.meta import meta_events as events
from app.tenancy import tenant_scope

Taken = Callable[[Route, Channel, Any], None]


def receive_event(route: Route, channel: Channel, event: events.Event) -> None:
    """Committed when this returns. Raises SQLAlchemy's errors when the database takes it not."""
    HANDLERS[type(event)](route, channel, event)


def _said(route: Route, channel: Channel, said: events.Said) -> None:
    fresh = receive(route, channel, said.message, said.at)
    with tenant_scope(route.tenant_id):
        if fresh:
            revisions.catch_up(said.message.sid)
        if said.source:
            channel_threads.came_by(channel, said)
        if said.standby:
            channel_threads.held(channel, said.person, said.at)


def _scoped(take: Callable[[Channel, Any, str], None]) -> Taken:
    def taken(route: Route, channel: Channel, event: events.Event) -> None:
        with tenant_scope(route.tenant_id):
            take(channel, event, route.account_sid)

    return taken


HANDLERS: dict[type[events.Event], Taken] = {
    events.Said: _said,
    events.Echo: _scoped(echoes.take),
    events.Unsent: _scoped(revisions.unsent),
    events.Edited: _scoped(revisions.edited),
    events.Reacted: _scoped(reactions.take),
    events.Delivered: _scoped(receipts.delivered),
    events.Seen: _scoped(receipts.seen),
    events.Met: _scoped(channel_threads.met),
    events.Handed: _scoped(channel_threads.handed),
    events.Enforced: _scoped(meta_health.enforced),
    events.Reviewed: _scoped(meta_health.reviewed),
}
