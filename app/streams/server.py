"""The streams over HTTP: the door, and what a load balancer asks."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from aiohttp import HttpVersion11, web

from app.config import Settings
from app.lib.time.clock import now
from app.streams import door, stream
from app.streams.hub import Hub, TooManyStreams
from app.streams.listener import listen
from app.streams.stream import Stream
from app.streams.ticket import BadTicket, Ticket, read

HEARTBEAT_SECONDS = 15
# A stream ends and is opened anew, so that one whose end was not heard does not go on.
LIFETIME = timedelta(minutes=5)

SETTINGS = web.AppKey("settings", Settings)
HUB = web.AppKey("hub", Hub)


def make(settings: Settings, redis_url: str, hub: Hub) -> web.Application:
    app = web.Application()
    app[SETTINGS], app[HUB] = settings, hub
    app.router.add_get(door.PATH, events, allow_head=False)
    app.router.add_get(door.HEALTH, health)

    async def background(_app: web.Application) -> AsyncIterator[None]:
        tasks = asyncio.gather(listen(redis_url, hub), _beat(hub))
        tasks.add_done_callback(_fall)
        yield
        tasks.remove_done_callback(_fall)
        tasks.cancel()
        with suppress(asyncio.CancelledError):
            await tasks

    app.cleanup_ctx.append(background)
    app.on_shutdown.append(_end_all)
    return app


async def events(request: web.Request) -> web.StreamResponse:
    """What changes of the ticket's business, until its session or LIFETIME is over."""
    hub, ticket = request.app[HUB], _admitted(request)
    answer = web.StreamResponse(headers=_headers(ticket))
    answer.content_type = "text/event-stream"
    answer.force_close()
    await answer.prepare(request)
    if not isinstance(request.transport, asyncio.Transport):
        # They have hung up meanwhile.
        return answer
    new = Stream(ticket, request.transport, request.version >= HttpVersion11)
    seconds = min(LIFETIME, ticket.ends_at - now()).total_seconds()
    with hub.joined(new), suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await new.over
    return answer


def _admitted(request: web.Request) -> Ticket:
    """Raises HTTPForbidden, or HTTPServiceUnavailable where there is no room."""
    hub, shown = request.app[HUB], request.query.get("ticket", "")
    try:
        ticket = read(request.app[SETTINGS].signing_keys, shown, now())
    except BadTicket:
        raise web.HTTPForbidden from None
    if request.headers.get("Origin", ticket.origin) != ticket.origin:
        raise web.HTTPForbidden
    if hub.has_ended(ticket):
        raise web.HTTPForbidden(headers=_told_to(ticket))
    try:
        hub.check(ticket)
    except TooManyStreams:
        raise web.HTTPServiceUnavailable(headers=_told_to(ticket)) from None
    return ticket


def _told_to(ticket: Ticket) -> dict[str, str]:
    """Without it a page of another port learns that it was refused, and not why (Fetch, CORS)."""
    return {"Access-Control-Allow-Origin": ticket.origin}


def _headers(ticket: Ticket) -> dict[str, str]:
    return {
        **_told_to(ticket),
        "Cache-Control": "no-store",
        "Server": "streams",
        "X-Accel-Buffering": "no",
        "X-Content-Type-Options": "nosniff",
    }


async def health(request: web.Request) -> web.Response:
    """How many there are, and whether Redis is heard (door.State)."""
    hub = request.app[HUB]
    return web.json_response(door.State(len(hub), hub.deaf)._asdict())


def _fall(_tasks: "asyncio.Future[Any]") -> None:
    """Whoever hears nothing more must not go on speaking: the supervisor starts it again."""
    sys.exit(1)


async def _beat(hub: Hub) -> None:
    """Say now and then that we are still here: nobody on the way hangs up, and pages rely on it."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        hub.tell_all(stream.STILL_HERE)


async def _end_all(app: web.Application) -> None:
    for each in app[HUB]:
        each.end()
