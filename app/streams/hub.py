"""All streams of the process: who is told what, and how many there may be."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from app.streams import pubsub, stream, ticket
from app.streams.stream import Stream, names
from app.streams.ticket import Ticket
from app.streams.visitors import Visitors


class TooManyStreams(Exception):
    """There are as many as there may be: of all, of the business, or of the person."""


@dataclass(frozen=True)
class Limits:
    """The most streams. The page that gets none looks by itself every few seconds."""

    of_all: int = 6000
    of_a_tenant: int = 1000
    of_a_user: int = 50
    of_visitors: int = 2000
    """Of those of_all; so that staff have room whatever becomes of the live chat."""
    of_a_tenants_visitors: int = 500
    of_a_visitor: int = 6


@dataclass
class Hub:
    limits: Limits = field(default_factory=Limits)
    deaf: bool = True
    """Whether nothing is heard of Redis; until the listener has begun it is not."""
    _streams: dict[int, set[Stream]] = field(default_factory=lambda: defaultdict(set))
    _visitors: Visitors = field(default_factory=Visitors)
    _of_users: Counter[int] = field(default_factory=Counter)
    _ended: dict[str, datetime] = field(default_factory=dict)
    """Whose streams were ended lately, and when: a ticket of before opens nothing."""

    def __len__(self) -> int:
        return self._of_users.total() + len(self._visitors)

    def __iter__(self) -> Iterator[Stream]:
        """All that there are now."""
        of_staff = (each for streams in self._streams.values() for each in streams)
        return iter([*of_staff, *self._visitors])

    def check(self, shown: Ticket) -> None:
        """Raises TooManyStreams where there is no room for one more of theirs."""
        full = self._full_of_visitors if shown.customer_id is not None else self._full
        if len(self) >= self.limits.of_all or full(shown):
            raise TooManyStreams

    def _full(self, shown: Ticket) -> bool:
        return (
            len(self._streams.get(shown.tenant_id, ())) >= self.limits.of_a_tenant
            or self._of_users[shown.user_id] >= self.limits.of_a_user
        )

    def _full_of_visitors(self, shown: Ticket) -> bool:
        return (
            len(self._visitors) >= min(self.limits.of_visitors, self.limits.of_all // 3)
            or self._visitors.of_tenant(shown.tenant_id) >= self.limits.of_a_tenants_visitors
            or self._visitors.of_session(shown) >= self.limits.of_a_visitor
        )

    def has_ended(self, shown: Ticket) -> bool:
        """Whether their streams were ended since they got the ticket."""
        ended = (self._ended.get(name, shown.issued_at) for name in names(shown))
        return any(at > shown.issued_at for at in ended)

    @contextmanager
    def joined(self, new: Stream) -> Iterator[None]:
        """It is told what changes while the block runs, and first to look at everything."""
        self._join(new)
        try:
            new.say(stream.BEGIN + stream.DEAF if self.deaf else stream.BEGIN)
            yield
        finally:
            self._leave(new)

    def _join(self, new: Stream) -> None:
        if new.ticket.customer_id is not None:
            self._visitors.join(new)
        else:
            self._streams[new.ticket.tenant_id].add(new)
            self._of_users[new.ticket.user_id] += 1

    def _leave(self, gone: Stream) -> None:
        if gone.ticket.customer_id is not None:
            self._visitors.leave(gone)
            return
        tenant_id, user_id = gone.ticket.tenant_id, gone.ticket.user_id
        self._streams[tenant_id].discard(gone)
        if not self._streams[tenant_id]:
            del self._streams[tenant_id]
        self._of_users[user_id] -= 1
        if not self._of_users[user_id]:
            del self._of_users[user_id]

    def tell(self, tenant_id: int, event: str) -> None:
        """Say to the pages of that business, and of no other, what changed; to a visitor no more
        than that their own chat did."""
        self._visitors.tell(tenant_id, event)
        if event.startswith(pubsub.BEGUN):
            return
        for each in list(self._streams.get(tenant_id, ())):
            each.tell(event)

    def tell_all(self, words: bytes) -> None:
        for each in self:
            each.say(words)

    def hears(self) -> None:
        """Redis is heard from now on; what it said before is unknown."""
        self.deaf = False
        self.tell_all(stream.LOOK)

    def is_deaf(self) -> None:
        """Redis is not heard any more: no page may rely on being told."""
        if not self.deaf:
            self.deaf = True
            self.tell_all(stream.DEAF)

    def end(self, somebody: str, now: datetime) -> None:
        """End the streams of a session or a user, as pubsub.py writes them."""
        recent = {name: at for name, at in self._ended.items() if now - at < ticket.LASTS}
        self._ended = {**recent, somebody: now}
        for each in self:
            if each.is_of(somebody):
                each.end()
