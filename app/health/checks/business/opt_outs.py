"""Whether more customers ask for no more messages than before."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.models import ConsentEvent

WEEK, WEEKS_BEFORE = timedelta(days=7), 4
# Fewer can be chance.
FEWEST, RISEN = 5, 3
NEXT = (
    "Look at what you sent them last, and how often. Carriers block numbers that many people stop."
)


def look(now: datetime) -> Verdict:
    recent = _stops(now - WEEK, now)
    before = _stops(now - (1 + WEEKS_BEFORE) * WEEK, now - WEEK)
    return judge(recent, before / WEEKS_BEFORE)


def _stops(since: datetime, until: datetime) -> int:
    query = select(func.count()).select_from(ConsentEvent).where(ConsentEvent.said == "stop")
    return db.session.scalar(query.where(ConsentEvent.at > since, ConsentEvent.at <= until)) or 0


def judge(recent: int, usual: float) -> Verdict:
    if recent < FEWEST or recent < RISEN * usual:
        return ok("No more customers than usual have asked for no more messages.")
    return warning(
        f"{recent} customers have asked for no more messages in the last seven days; usually it is"
        f" {usual:.0f} a week.",
        NEXT,
    )


CHECK = Check("opt_outs", 70, "How many customers have stopped your messages this week.", look)
