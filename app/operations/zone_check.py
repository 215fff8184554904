"""Whether PostgreSQL knows the same rules of time zones as we do: nothing of ours asks it, but some
who read the database by other means do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import structlog
from sqlalchemy import Connection, Engine, select, text

from app.lib.time.zones import RULES, offset
from app.models import Tenant

# On one of these days every change of the year and the next has come.
OFFSETS = text("""
    SELECT name, array_agg(
        extract(epoch FROM (moment AT TIME ZONE name) - (moment AT TIME ZONE 'UTC'))::integer
        ORDER BY moment
    ) FROM pg_timezone_names, unnest(CAST(:moments AS timestamptz[])) AS moment
    GROUP BY name
""")
# It takes these old names for abbreviations, which know no summer, whatever its data say.
ABBREVIATIONS = {"CET", "EET", "MET", "WET"}
# What is known stands so long: PostgreSQL may be upgraded meanwhile.
STANDS = timedelta(hours=1)
NEXT_STEP = "nothing of ours goes by PostgreSQL's; upgrade it or its tzdata before a report does"

_known: tuple[datetime, list[str]] | None = None
log = structlog.get_logger()


def differing(connection: Connection, now: datetime) -> list[str]:
    """The zones whose clocks PostgreSQL reckons otherwise on the first of any month of this year
    and the next, or does not know."""
    moments = [datetime(now.year + n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in range(24)]
    theirs = dict(map(tuple, connection.execute(OFFSETS, {"moments": moments})))
    return sorted(
        zone
        for zone in available_timezones() - ABBREVIATIONS
        if theirs.get(zone) != [offset(moment, zone) for moment in moments]
    )


def lately(engine: Engine, now: datetime) -> list[str]:
    """As differing; asked once in an hour by a process."""
    if _known is None or now - _known[0] >= STANDS:
        return asked(engine, now)
    return _known[1]


def asked(engine: Engine, now: datetime) -> list[str]:
    """The same, asked now."""
    global _known
    with engine.connect() as connection:
        # PostgreSQL keeps all zones in the memory of a session that asked, 15 MB: it ends.
        connection.detach()
        _known = now, differing(connection, now)
    return _known[1]


def tell(engine: Engine, now: datetime) -> None:
    """Log those in which there are businesses, if there are any."""
    with engine.connect() as connection:
        homes = set(connection.scalars(select(Tenant.timezone).distinct()))
    if zones := homes.intersection(lately(engine, now)):
        log.warning("zones_differ", zones=sorted(zones), ours=RULES, next_step=NEXT_STEP)
