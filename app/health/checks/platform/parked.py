"""Whether work stands aside because our own code broke over it."""

from datetime import datetime

from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.operations import dead_letter_list


def look(now: datetime) -> Verdict:
    parked = dead_letter_list.count()
    if not parked:
        return ok("No work stands aside.")
    return warning(
        f"Given up on after many tries, until you decide: {parked:,}.",
        "Retry or discard what stands on the page Parked work.",
    )


CHECK = Check("parked", 50, "What was given up on and waits for you.", look)
