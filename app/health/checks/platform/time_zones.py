"""Whether PostgreSQL reckons the businesses' time zones as we do."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db, direct_engine
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.models import Tenant
from app.operations import zone_check

NEXT = f"Not urgent: {zone_check.NEXT_STEP}. See docs/operations.md."


def look(now: datetime) -> Verdict:
    homes = set(db.session.scalars(select(Tenant.timezone).distinct()))
    if differ := sorted(homes.intersection(zone_check.asked(direct_engine(), now))):
        return warning(f"PostgreSQL has other rules for {', '.join(differ)} than we.", NEXT)
    return ok("PostgreSQL reckons the businesses' time zones as we do.")


CHECK = Check("time_zones", 70, "Whether PostgreSQL has the same time zones.", look, outside=True)
