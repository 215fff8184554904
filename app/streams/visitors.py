"""The streams of visitors of the live chat: each hears that its own chat has changed, no more."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.streams.pubsub import BEGUN
from app.streams.stream import LOOK, Stream
from app.streams.ticket import Ticket

# What app/live.py publishes of one customer's conversation: that it changed, that a message went a
# step further, that somebody types in it.
OF_A_CUSTOMER = re.compile(r"(?:message-|here-)?(\d+)(?:-\d+)?")
NOBODYS = 0


@dataclass
class Visitors:
    _streams: dict[int, dict[Stream, int]] = field(default_factory=lambda: defaultdict(dict))
    """By business, each with the customer whose conversation it hears of."""

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))

    def __iter__(self) -> Iterator[Stream]:
        return (each for streams in self._streams.values() for each in streams)

    def of_tenant(self, tenant_id: int) -> int:
        return len(self._streams.get(tenant_id, ()))

    def of_session(self, shown: Ticket) -> int:
        mine = self._streams.get(shown.tenant_id, ())
        return sum(each.ticket.session_id == shown.session_id for each in mine)

    def join(self, new: Stream) -> None:
        self._streams[new.ticket.tenant_id][new] = new.ticket.customer_id or NOBODYS

    def leave(self, gone: Stream) -> None:
        left = self._streams[gone.ticket.tenant_id]
        left.pop(gone, None)
        if not left:
            del self._streams[gone.ticket.tenant_id]

    def tell(self, tenant_id: int, event: str) -> None:
        streams = self._streams.get(tenant_id, {})
        if event.startswith(BEGUN):
            self._begin(streams, event)
        told = OF_A_CUSTOMER.fullmatch(event)
        for each, customer_id in list(streams.items()):
            if event == "*" or (told and customer_id == int(told[1])):
                each.say(LOOK)

    def _begin(self, streams: dict[Stream, int], event: str) -> None:
        """A visitor has written their first message: from now on their streams hear of it."""
        session_id, customer_id = map(int, event.removeprefix(BEGUN).split("-"))
        for each in streams:
            if each.ticket.session_id == session_id:
                streams[each] = customer_id
                each.say(LOOK)
