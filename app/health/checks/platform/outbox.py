"""Whether the messages of all businesses leave when they are due."""

from datetime import datetime, timedelta

from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.lib.time.clock import lasted
from app.operations.health import oldest_due
from app.tenancy import unscoped

LATE, TOO_LATE = timedelta(minutes=2), timedelta(minutes=15)
NEXT = "See whether the urgent worker runs and what its log says; start a second one if it is busy."


def look(now: datetime) -> Verdict:
    with unscoped("the operator sees how the work of all businesses goes"):
        oldest = oldest_due(now)
    if oldest is None or now - oldest < LATE:
        return ok("All businesses' messages leave as soon as they are due.")
    sentence = f"A message has been waiting to leave for {lasted(now - oldest)}."
    return (broken if now - oldest >= TOO_LATE else warning)(sentence, NEXT)


CHECK = Check("outbox", 40, "How long the oldest message that is due has waited.", look)
