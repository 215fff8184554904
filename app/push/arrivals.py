"""What browsers are to be told of: conversations in which somebody wrote or rang a moment ago, and
which nobody has read; each once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import Conversation, PushNotice, PushSubscription, User
from app.tenancy import unscoped

# What is older is no news: somebody turned it on just now, or the workers were away.
OF_LATE = timedelta(minutes=10)
MOST = 200
WHY = "browsers of all tenants are told by one job"


@dataclass(frozen=True)
class Arrival:
    tenant_id: int
    customer_id: int
    assignee_id: int | None
    """None also where it is somebody's who may sign in no more."""
    assigned_to: int | None
    """Whose it is, whether they may or not."""


def claim(now: datetime) -> list[Arrival]:
    """Take all that is new and untold, committed: whoever claims it tells it, or nobody does."""
    with unscoped(WHY):
        found = {(row.tenant_id, row.customer_id): row for row in db.session.execute(_new(now))}
        if not found:
            return []
        told = insert(PushNotice).values(
            [
                {"tenant_id": key[0], "customer_id": key[1], "told_up_to": row.last_message_at}
                for key, row in found.items()
            ]
        )
        newer = told.excluded.told_up_to
        taken = told.on_conflict_do_update(
            index_elements=["tenant_id", "customer_id"],
            set_={"told_up_to": newer},
            where=PushNotice.told_up_to < newer,
        ).returning(PushNotice.tenant_id, PushNotice.customer_id)
        keys = db.session.execute(taken).all()
        db.session.commit()
    rows = [found[key[0], key[1]] for key in keys]
    return [
        Arrival(row.tenant_id, row.customer_id, row.assignee_id, row.assigned_to) for row in rows
    ]


def _new(now: datetime):  # type: ignore[no-untyped-def]
    """(tenant_id, customer_id, last_message_at, assignee_id, assigned_to) of those with a browser
    to tell."""
    here = and_(User.id == Conversation.assignee_id, User.active)
    wanted = select(PushSubscription.tenant_id).distinct()
    told = select(PushNotice.id).where(
        PushNotice.tenant_id == Conversation.tenant_id,
        PushNotice.customer_id == Conversation.customer_id,
        PushNotice.told_up_to >= Conversation.last_message_at,
    )
    columns = (
        Conversation.tenant_id,
        Conversation.customer_id,
        Conversation.last_message_at,
        User.id.label("assignee_id"),
        Conversation.assignee_id.label("assigned_to"),
    )
    return (
        select(*columns)
        .outerjoin(User, here)
        .where(Conversation.tenant_id.in_(wanted), Conversation.waiting_since.is_not(None))
        .where(Conversation.last_message_at > now - OF_LATE, Conversation.unread_count > 0)
        .where(~told.exists())
        .order_by(Conversation.last_message_at)
        .limit(MOST)
    )
