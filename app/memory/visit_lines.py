"""Visits: how many and how often, the last, the next, and those to which nobody came."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from app.lib.time.business_time import BusinessTime
from app.memory.customer_history import EXPECTED, MOST_VISITS, Attended
from app.memory.memory_line import Line, Place, so_many
from app.models.appointment import AppointmentStatus

# How often is said from so many visits, and of so many of the latest.
OFTEN_FROM, LATELY = 3, 10
DAY = timedelta(days=1).total_seconds()
# Up to so many days a unit tells enough, and so many days are one.
TOLD_IN = ((13, 1, "day"), (75, 7, "week"), (600, 30.44, "month"), (10**6, 365.25, "year"))


def visit_lines(visits: Sequence[Attended], there: BusinessTime, now: datetime) -> Iterator[Line]:
    """The visits with the latest first."""
    done = [each for each in visits if each.came]
    if done:
        yield _counted(done, len(visits) == MOST_VISITS)
        yield _one("Last visit", done[0], there, now)
    coming = [each for each in visits if each.status in EXPECTED and each.starts_at > now]
    if coming:
        yield _one("Next visit", coming[-1], there, now)
    yield from _not_come(visits, there, now)
    yield from _unmarked(visits, now)


def _counted(done: Sequence[Attended], at_least: bool) -> Line:
    count = f"{'At least ' if at_least else ''}{so_many(len(done), 'visit')}"
    often = how_often(done)
    told = f"{count}, about every {often}" if often else count
    return Line("Visits", told, "appointments marked as completed", Place.APPOINTMENTS)


def _one(label: str, visit: Attended, there: BusinessTime, now: datetime) -> Line:
    told = f"{there.near(visit.starts_at, now)}{what(visit)}"
    return Line(label, told, "this appointment", Place.APPOINTMENT, visit.id)


def what(visit: Attended) -> str:
    """: Cut with Sofia; empty where neither is known."""
    named = [visit.service, visit.staff_member and f"with {visit.staff_member}"]
    return f": {' '.join(filter(None, named))}" if any(named) else ""


def _not_come(visits: Sequence[Attended], there: BusinessTime, now: datetime) -> Iterator[Line]:
    missed = [each for each in visits if each.status == AppointmentStatus.NO_SHOW]
    if missed:
        told = f"{so_many(len(missed), 'time')}, last {there.near(missed[0].starts_at, now)}"
        yield Line("Did not come", told, "this appointment", Place.APPOINTMENT, missed[0].id)


def _unmarked(visits: Sequence[Attended], now: datetime) -> Iterator[Line]:
    """What is over, and nobody has said what became of it: not counted as a visit."""
    over = [each for each in visits if each.status in EXPECTED and each.ends_at <= now]
    if over:
        told = f"{so_many(len(over), 'past appointment')}, not counted yet: did they come?"
        yield Line("Not marked", told, "the latest of them", Place.APPOINTMENT, over[0].id)


def how_often(done: Sequence[Attended]) -> str:
    """The usual time between the latest visits, as 5 weeks; empty: they are too few to say."""
    if len(done) < OFTEN_FROM:
        return ""
    between = [
        (later.starts_at - earlier.starts_at).total_seconds()
        for later, earlier in pairwise(done[:LATELY])
    ]
    days = max(round(median(between) / DAY), 1)
    size, unit = next((size, unit) for most, size, unit in TOLD_IN if days <= most)
    return so_many(round(days / size), unit)
