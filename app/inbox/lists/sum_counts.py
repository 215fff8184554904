"""Makes one counter of many, so that a page that sums them up reads a few hundred at most."""

from sqlalchemy import delete, func, insert, literal, select

from app.extensions import db
from app.models import ConversationCount as Count
from app.tenancy import unscoped

# A business is left alone until it has so many that are not summed.
ENOUGH = 100
KIND = (
    Count.tenant_id,
    Count.label_id,
    Count.state,
    Count.waiting,
    Count.unread,
    Count.failed,
    Count.assignee_id,
    Count.channel,
)


def sum_counts(enough: int = ENOUGH) -> int:
    """Of all businesses, each committed; how many had enough to sum. Whoever reads meanwhile finds
    the many or the one, and of two who sum at once the second finds nothing."""
    with unscoped("counters of all tenants grow"):
        query = select(Count.tenant_id).where(~Count.summed).group_by(Count.tenant_id)
        tenants = db.session.scalars(query.having(func.count() >= enough)).all()
        for tenant_id in tenants:
            _sum(tenant_id)
            db.session.commit()
    return len(tenants)


def _sum(tenant_id: int) -> None:
    many = delete(Count).where(Count.tenant_id == tenant_id)
    gone = many.returning(*KIND, Count.conversations).cte("gone")
    total = func.sum(gone.c.conversations)
    kind = [gone.c[column.key] for column in KIND]
    one = select(*kind, total, literal(True)).group_by(*kind).having(total != 0)
    columns = [*KIND, Count.conversations, Count.summed]
    db.session.execute(insert(Count).from_select([column.key for column in columns], one))
