"""The drawer of telephones: who has one, what is on it, what was not read yet."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from app.simulator.addresses import Channel
from app.simulator.delivery import on_its_way
from app.simulator.records import Call, Message, Number, Phone
from app.simulator.simulator import Simulator
from app.simulator.state import State

# Under way, a message is not on the telephone yet.
ON_THE_WAY = ("accepted", "queued", "sent")


@dataclass(frozen=True, slots=True)
class Card:
    phone: Phone
    last: Message | None
    unread: int


def cards(state: State, search: str = "", most: int = 60) -> tuple[list[Card], int]:
    """The telephones that were in use last, and how many there are in all."""
    words = search.strip().lower()
    with state.lock:
        everyone = reversed(state.phones.values())
        found = (p for p in everyone if words in f"{p.name} {p.number}".lower())
        return [_card(state, phone) for phone in islice(found, most)], len(state.phones)


def numbers(state: State) -> list[Number]:
    with state.lock:
        return sorted(state.numbers.values(), key=lambda number: (number.label, number.number))


def thread(
    state: State, phone: str, business: str, channel: Channel, most: int
) -> tuple[list[Message], bool]:
    """What the telephone shows of one conversation, oldest first, and whether there is more."""
    with state.lock:
        newest = (
            message
            for message in reversed(state.by_phone.get(phone, []))
            if message.business == business
            and message.channel == channel
            and not (message.status in ON_THE_WAY and not message.inbound)
            and not message.unseen
        )
        found = list(islice(newest, most + 1))
    return found[:most][::-1], len(found) > most


def calls(state: State, phone: str, business: str | None = None) -> list[Call]:
    """The telephone's calls, oldest first; to one business, or to all."""
    with state.lock:
        theirs = [call for call in state.calls.values() if call.phone == phone]
    return [call for call in theirs if business in (None, call.business)]


def elsewhere(
    state: State, phone: str, business: str, channel: Channel
) -> dict[tuple[str, Channel], int]:
    """How much is unread in the telephone's other conversations."""
    with state.lock:
        unread = [(m.business, m.channel) for m in state.unread.get(phone, {}).values()]
    return dict(Counter(each for each in unread if each != (business, channel)))


def mark_seen(
    sim: Simulator, phone: str, business: str | None = None, channel: Channel | None = None
) -> int:
    """The owner looks at it: WhatsApp and RCS tell the sender so."""
    with sim.state.lock:
        looked_at = [
            message
            for message in sim.state.unread.get(phone, {}).values()
            if business in (None, message.business) and channel in (None, message.channel)
        ]
        for message in looked_at:
            sim.state.change(message, seen=True)
            if message.channel in on_its_way.RECEIPTS:
                on_its_way.read(sim, message)
    return len(looked_at)


def _card(state: State, phone: Phone) -> Card:
    shown = (
        message
        for message in reversed(state.by_phone.get(phone.number, []))
        if not message.unseen and (message.inbound or message.status not in ON_THE_WAY)
    )
    return Card(phone, next(shown, None), len(state.unread.get(phone.number, ())))
