"""Whether customers are still heard."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.lib.time.clock import local_day
from app.models import Direction, MessageCount, Tenant
from app.tenancy import current_tenant_id

LOOKED_BACK = timedelta(days=35)
# On fewer days somebody may write or not; a weekend is no sign of anything.
FEWEST_DAYS, SHORTEST = 10, 2
NEXT = (
    "Text your own number from a telephone. If that does not appear in the inbox, let “A message"
    " comes in” at Twilio be the address that stands under Setup, Business."
)


def look(now: datetime) -> Verdict:
    timezone = db.session.get_one(Tenant, current_tenant_id()).timezone
    today = local_day(now, timezone)
    return judge(_heard(today), today)


def _heard(today: date) -> list[date]:
    """The days on which anybody wrote, in their order."""
    query = (
        select(MessageCount.day)
        .where(MessageCount.direction == Direction.INBOUND)
        .where(MessageCount.day > today - LOOKED_BACK)
        .group_by(MessageCount.day)
        .having(func.sum(MessageCount.messages) > 0)
        .order_by(MessageCount.day)
    )
    return list(db.session.scalars(query))


def judge(heard: Collection[date], today: date) -> Verdict:
    """Twice as long as ever is too long."""
    days = list(heard)
    if len(days) < FEWEST_DAYS:
        return ok("Too few customers have written of late to tell whether you are being heard.")
    longest = max((later - earlier).days for earlier, later in pairwise(days))
    silent = (today - days[-1]).days
    if silent > max(SHORTEST, 2 * longest):
        return warning(f"No customer has written for {silent} days, which is unusual.", NEXT)
    return ok("Customers write as often as usual.")


CHECK = Check("silence", 50, "When customers last wrote, beside how often they usually do.", look)
