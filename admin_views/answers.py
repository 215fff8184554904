"""What customers answered to reminders, as staff read it."""

from app.lib.clock import wall_time
from app.models import Answer, Outcome, Reply

BECAME = {Outcome.CONFIRMED: "Confirmed by reply", Outcome.CANCELLED: "Cancelled by reply"}
# Answers that a person has to look at.
WAITS = {
    Answer.CANCEL: "Wants to cancel",
    Answer.LATE: "Runs late",
    Answer.STOP: "Perhaps wants to cancel",
}
UNCLEAR = "Unclear answer"


def waits(reply: Reply, timezone: str) -> str:
    """What waits for a person, with the start that was asked about: on the tenant's wall."""
    done = reply.outcome in BECAME
    said = "Not answered yet" if done else WAITS.get(Answer(reply.answer), UNCLEAR)
    return f"{said} · {_start(reply, timezone)}"


def became(reply: Reply, timezone: str) -> str:
    """What came of a message; empty where nothing did."""
    if reply.outcome == Outcome.NOTHING:
        return ""
    if reply.outcome == Outcome.TO_STAFF:
        return waits(reply, timezone)
    return f"{BECAME[Outcome(reply.outcome)]}: {_start(reply, timezone)}"


def _start(reply: Reply, timezone: str) -> str:
    if reply.starts_at is None:
        return "no appointment"
    there = wall_time(reply.starts_at, timezone)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"
