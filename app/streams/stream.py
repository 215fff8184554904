"""One page's stream, as text/event-stream (WHATWG HTML, 9.2)."""

import asyncio
import re
from dataclasses import dataclass, field

from app.streams import pubsub
from app.streams.ticket import Ticket

# What was said before it began is unknown: the page looks at everything.
LOOK = b"data: *\n\n"
BEGIN = b"retry: 2000\n" + LOOK
# An event, as a page is told of no comment: one that hears nothing for long opens another stream.
STILL_HERE = b"event: beat\ndata:\n\n"
# An event that has a customer in it, however it is written (app/live.py).
NAMES_SOMEBODY = re.compile(r"\d")
# So long after the first such event a page that is told of nobody looks, once for all that came.
SOON_SECONDS = 1.0
# Redis is away: what is said now does not come here, so the page has to look by itself until it
# hears the next event.
DEAF = b"event: deaf\ndata: *\n\n"
# Whoever reads nothing for so many bytes is hung up on; it comes again, and looks at everything.
MOST_UNREAD = 64 * 1024


def frame(event: str) -> bytes:
    return f"data: {event}\n\n".encode()


def _future() -> "asyncio.Future[None]":
    return asyncio.get_running_loop().create_future()


@dataclass(frozen=True, eq=False, slots=True)
class Stream:
    """An answer that has begun and goes on."""

    ticket: Ticket
    transport: asyncio.Transport
    chunked: bool
    """Whether the answer is in chunks (RFC 9112, section 7.1): HTTP/1.1."""
    over: "asyncio.Future[None]" = field(default_factory=_future)
    _soon: list[asyncio.TimerHandle] = field(default_factory=list)
    """When it is to look, if it is."""

    def tell(self, event: str) -> None:
        """Say what changed, as far as this page may know of whom."""
        if not (self.ticket.names_nobody and NAMES_SOMEBODY.search(event)):
            self.say(frame(event))
        elif event.startswith(pubsub.ARRIVED):
            self.say(frame(pubsub.ARRIVED))
        else:
            self._look_soon()

    def _look_soon(self) -> None:
        if not self._soon:
            loop = self.over.get_loop()
            self._soon.append(loop.call_later(SOON_SECONDS, self._look))

    def _look(self) -> None:
        self._soon.clear()
        if not self.over.done():
            self.say(LOOK)

    def say(self, words: bytes) -> None:
        """Send them, without waiting for whoever reads."""
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()
        else:
            self.transport.write(b"%x\r\n%b\r\n" % (len(words), words) if self.chunked else words)

    def end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def is_of(self, somebody: str) -> bool:
        """Whether a session, a user or a visitor, as pubsub.py writes them, has it."""
        return somebody in names(self.ticket)


def names(ticket: Ticket) -> tuple[str, ...]:
    """By what its streams are ended."""
    if ticket.customer_id is not None:
        return (pubsub.visitor(ticket.session_id),)
    return pubsub.session(ticket.session_id), pubsub.user(ticket.user_id)
