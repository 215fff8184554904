"""Adds up what was counted, so that a page reads one row for a quarter of an hour and kind."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.lib import shutdown
from app.models import Rollup, RollupChange
from app.tenancy import key_of, unscoped

AT_ONCE = 10_000
KEY = ("tenant_id", "what", "at", "kind", "detail", "who_id")


def add_up(at_once: int = AT_ONCE) -> None:
    """The changes of all tenants that are there, so many in each transaction. Whoever reads
    meanwhile finds the changes or their sum; of two who add up at once the second finds nothing."""
    with unscoped("what is counted of all tenants is added up"):
        newest = db.session.scalar(select(func.max(RollupChange.id))) or 0
        while not shutdown.requested() and _some(newest, at_once):
            pass


def _some(newest: int, at_once: int) -> bool:
    """Whether there are more."""
    keyed = key_of(RollupChange)
    old = select(*keyed).where(RollupChange.id <= newest).order_by(*keyed)
    gone = delete(RollupChange).where(keyed.in_(old.limit(at_once)))
    change = gone.returning(RollupChange).cte("change")
    key = [change.c[name] for name in KEY]
    total = func.sum(change.c.total)
    sums = select(*key, total).group_by(*key).having(total != 0).order_by(*key)
    more = insert(Rollup).from_select([*KEY, "total"], sums)
    added = more.on_conflict_do_update(
        index_elements=KEY, set_={"total": Rollup.total + more.excluded.total}
    )
    db.session.execute(added)
    db.session.commit()
    return db.session.scalar(old.limit(1)) is not None
