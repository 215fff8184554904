"""What was counted within a period: the sums, and the changes that are yet to be added up."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, DateTime, Select, cast, func, select, union_all

from app.extensions import db
from app.lib.memo import memoized
from app.models import Rollup, RollupChange, What
from app.reports.period import Period

Some = Select[*tuple[Any, ...]]


class Count(NamedTuple):
    """So many of a kind (models/rollup.py says what the columns are of each What)."""

    day: int
    """Of the period, from 0."""
    kind: str
    detail: str
    who_id: int
    total: int


def counted(what: What, within: Period) -> list[Count]:
    """By day, in the business's zone; nothing that comes to none."""
    return memoized((what, within), lambda: _counted(what, within))


def _counted(what: What, within: Period) -> list[Count]:
    both = union_all(*(_rows(kind, what, within) for kind in (Rollup, RollupChange))).subquery()
    ends = cast(within.midnights, ARRAY(DateTime(timezone=True)))
    day = func.width_bucket(both.c.at, ends) - 1
    key = [day, both.c.kind, both.c.detail, both.c.who_id]
    total = func.sum(both.c.total)
    query: Some = select(*key, total).group_by(*key).having(total != 0).order_by(*key)
    return [Count(*row) for row in db.session.execute(query)]


def by_quarter(what: What, within: Period) -> list[tuple[datetime, int]]:
    """How many there were in each quarter of an hour, told by its start."""
    both = union_all(*(_rows(kind, what, within) for kind in (Rollup, RollupChange))).subquery()
    query = select(both.c.at, func.sum(both.c.total)).group_by(both.c.at).order_by(both.c.at)
    return [(at, total) for at, total in db.session.execute(query) if total]


def _rows(of: type[Rollup] | type[RollupChange], what: What, within: Period) -> Some:
    begin, *_, end = within.midnights
    query = select(of.at, of.kind, of.detail, of.who_id, of.total)
    return query.where(of.what == what, of.at >= begin, of.at < end)
