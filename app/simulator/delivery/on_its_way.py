"""A message's way to the telephone: one status after the other, each told to its callback."""

import time
from collections.abc import Callable

from app.simulator.delivery import callbacks
from app.simulator.rcs import carrying
from app.simulator.records import Message
from app.simulator.simulator import Simulator

# accepted is the first status of a messaging service, queued that of a number.
# https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
NEXT = {"accepted": "queued", "queued": "sent", "sent": "delivered"}
# The carrier reports these after it took the message; the others fail before it is sent.
# Whose senders learn that a message was read.
RECEIPTS = ("whatsapp", "rcs")
REPORTED_BY_CARRIER = range(30003, 30009)


def schedule(sim: Simulator, message: Message) -> None:
    """Move the message on after the usual delay, until it has arrived or failed."""
    if next_status(message) is not None:
        sim.scheduler.after(sim.settings.status_delay, _advance(sim, message.sid))


def resume(sim: Simulator) -> None:
    """After a restart: go on with what was under way."""
    with sim.state.lock:
        for message in sim.state.order:
            if message.inbound:
                continue
            schedule(sim, message)
            if message.seen and message.channel in RECEIPTS:
                read(sim, message)


def read(sim: Simulator, message: Message) -> None:
    """The thread is open on the telephone: tell so a moment after delivery."""
    sim.scheduler.after(sim.settings.status_delay, _mark_read(sim, message.sid))


def next_status(message: Message) -> str | None:
    following = NEXT.get(message.status)
    if message.doom is None or following is None or message.status == "accepted":
        return following
    if message.doom in REPORTED_BY_CARRIER:
        return "undelivered" if message.status == "sent" else following
    return "failed" if message.channel == "sms" else "undelivered"


def _advance(sim: Simulator, sid: str) -> Callable[[], None]:
    def advance() -> None:
        with sim.state.lock:
            message = sim.state.messages.get(sid)
            if message is None:
                return
            again = message.status == "sent" and carrying.falls_back(sim, message)
            if message.status == "queued":
                carrying.falls_back(sim, message)
            # Sent by RCS and not delivered, it is sent by SMS.
            status = "sent" if again else next_status(message)
            if not status:
                return
            _change_status(sim, message, status)
            schedule(sim, message)

    return advance


def _mark_read(sim: Simulator, sid: str) -> Callable[[], None]:
    def mark_read() -> None:
        with sim.state.lock:
            message = sim.state.messages.get(sid)
            if message is not None and message.status == "delivered":
                _change_status(sim, message, "read")

    return mark_read


def _change_status(sim: Simulator, message: Message, status: str) -> None:
    now = time.time()
    failed = status in ("undelivered", "failed")
    sim.state.change(
        message,
        status=status,
        updated=now,
        sent=message.sent or (None if status == "queued" else now),
        error_code=message.doom if failed else None,
    )
    callbacks.tell(sim, message)
