"""Whether messages leave when they are due."""

from datetime import datetime, timedelta

from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.lib.time.clock import lasted
from app.operations.health import oldest_due

# They leave within seconds, and the sweep comes every 20.
LATE, TOO_LATE = timedelta(minutes=2), timedelta(minutes=15)
NEXT = (
    "Nothing is lost: it leaves as soon as it can. If it goes on for minutes, tell your operator."
)


def look(now: datetime) -> Verdict:
    """What waits on purpose (a pause, a limit, a doubt) is told by others."""
    oldest = oldest_due(now)
    if oldest is None or now - oldest < LATE:
        return ok("Messages leave as soon as they are due.")
    sentence = f"A message has been waiting to leave for {lasted(now - oldest)}."
    return (broken if now - oldest >= TOO_LATE else warning)(sentence, NEXT)


CHECK = Check("waiting", 30, "How long the oldest message that is due has waited.", look)
