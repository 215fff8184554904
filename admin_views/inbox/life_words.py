"""The life of a message, as its page tells it to whoever asks: did it arrive, and once?"""

from admin_views.labels import STATUS
from app.lib.message_status import MessageStatus as Status
from app.models import MessageEvent, MessageEventKind

# By what a message was, and became.
STEPS = {
    (Status.QUEUED, Status.SENDING): "Handed over: {carrier} is called",
    (Status.SENDING, Status.ACCEPTED): "{carrier} answered: it has the message",
    (Status.SENDING, Status.SENT): "{carrier} answered: it is on its way",
    (Status.SENDING, Status.FAILED): "{carrier} refused it",
    (Status.SENDING, Status.QUEUED): "Not sent, and queued again",
    (Status.SENDING, Status.CHECKING): "No clear answer came: it is looked for, and not sent again",
    (Status.CHECKING, Status.QUEUED): "Proven not sent, and queued again",
    (Status.CHECKING, Status.UNKNOWN): "It could not be found out whether it went",
    (Status.QUEUED, Status.CANCELLED): "Taken back before it left",
    (Status.QUEUED, Status.FAILED): "Not sent",
    (Status.FAILED, Status.QUEUED): "Our operator let it be tried again",
    (Status.UNKNOWN, Status.CHECKING): "Our operator has it looked for",
}
FOUND = "Found at {carrier}: {status}"
REPORTED = "{carrier} reported: {status}"
AGAIN = "{carrier} reported: {status}. That changed nothing"
LOOKED = "Looked for at {carrier}"


def step(event: MessageEvent, carrier: str) -> str:
    """In a sentence without its end; the carrier by its name, such as Twilio."""
    status, was = Status(event.status), Status(event.was) if event.was else None
    words = {"carrier": carrier, "status": STATUS[status].lower()}
    if event.kind == MessageEventKind.LOOKED_FOR:
        return LOOKED.format(**words)
    if event.kind == MessageEventKind.REPORTED or was is None:
        return AGAIN.format(**words)
    found = FOUND if was is Status.CHECKING else REPORTED
    return STEPS.get((was, status), found).format(**words)
