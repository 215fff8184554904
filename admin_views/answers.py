"""What customers answered to reminders, as staff read it."""

from app.lib.clock import now
from app.lib.wall import Wall
from app.models import Answer, Outcome, Reply

BECAME = {Outcome.CONFIRMED: "Confirmed by reply", Outcome.CANCELLED: "Cancelled by reply"}
# Answers that a person has to look at.
WAITS = {
    Answer.CANCEL: "Wants to cancel",
    Answer.MAY_CANCEL: "May want to cancel",
    Answer.MOVE: "Wants another time",
    Answer.LATE: "Runs late",
    Answer.MAY_BE_LATE: "May run late",
    Answer.STOP: "May want to cancel",
}
UNCLEAR = "Unclear answer"


def waits(reply: Reply, wall: Wall) -> str:
    """What waits for a person, with the start that was asked about: on the tenant's wall."""
    done = reply.outcome in BECAME
    said = "Not answered yet" if done else WAITS.get(Answer(reply.answer), UNCLEAR)
    return f"{said} · {_start(reply, wall)}"


def became(reply: Reply, wall: Wall) -> str:
    """What came of a message; empty where nothing did."""
    if reply.outcome == Outcome.NOTHING:
        return ""
    if reply.outcome == Outcome.TO_STAFF:
        return waits(reply, wall)
    return f"{BECAME[Outcome(reply.outcome)]}: {_start(reply, wall)}"


def _start(reply: Reply, wall: Wall) -> str:
    if reply.starts_at is None:
        return "no appointment"
    return wall.near(reply.starts_at, now())
