"""Whether the scheduler and the workers do what the timetable promises."""

from datetime import datetime

from redis import RedisError

from app import heartbeat
from app.health.check import Check
from app.health.finding import Verdict, broken, ok

NEXT = (
    "Start the scheduler and both workers (python -m jobs.schedule, jobs.worker), or see their log."
)


def look(now: datetime) -> Verdict | None:
    """None where Redis is away, as nobody knows."""
    try:
        late = heartbeat.late(now)
    except RedisError:
        return None
    if late == ["timetable"]:
        return broken("The scheduler has never run: nothing is sent by itself.", NEXT)
    if late:
        named = ", ".join(late).replace("_", " ")
        return broken(f"The workers are late with this: {named}.", NEXT)
    return ok("The scheduler and the workers keep their timetable.")


CHECK = Check("timetable", 30, "When each job of the timetable last ended well.", look)
