"""At most one away message for a conversation and a closed period, whoever sends it."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from app.business_hours.opening_hours import Period
from app.extensions import db
from app.models import AwayMessage
from app.tenancy import current_tenant_id

# Whoever writes so shortly before the opening is answered by a person in a moment.
BEFORE_OPENING = timedelta(minutes=5)


def claim_away(conversation_id: int, closed: Period, now: datetime) -> bool:
    """Whether the conversation of the tenant in scope may be told now that the business is closed.

    Part of the caller's transaction, in which the message is written, too: both are there, or
    neither. Of several at once the others wait for the first, and get False once it commits. A
    rule asks last, when all its conditions hold: what is claimed counts as told.
    """
    if closed.ends and closed.ends - now <= BEFORE_OPENING:
        return False
    row = insert(AwayMessage).values(
        tenant_id=current_tenant_id(),
        conversation_id=conversation_id,
        closed_since=closed.begins,
        at=now,
    )
    told = row.on_conflict_do_nothing().returning(AwayMessage.id)
    return db.session.scalar(told) is not None
