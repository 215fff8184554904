"""Whether pages are told at once what changes."""

from datetime import datetime

from redis import RedisError

from app import live
from app.health.check import Check
from app.health.finding import Verdict, ok, warning

SILENT = "The process of the streams does not answer: pages see what is new up to a minute late."
NEXT = "Start it (python -m app.streams), or see its log; one that hangs, end and start anew."


def look(now: datetime) -> Verdict | None:
    """None where Redis is away, as nobody knows."""
    try:
        told = live.is_heard()
    except RedisError:
        return None
    return ok("Pages are told at once what changes.") if told else warning(SILENT, NEXT)


CHECK = Check("live_streams", 25, "Whether the process of the streams hears and answers.", look)
