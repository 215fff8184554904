"""When rows were changed last, or deleted (models/change_mark.py)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_

from app.extensions import db
from app.models import ChangeMark
from app.tenancy import unscoped

# So long it is known what was deleted.
KNOWN_FOR = timedelta(days=180)
ORDER = (ChangeMark.at, ChangeMark.row_id)


def after(kind: str, at: datetime, row_id: int, most: int) -> Sequence[ChangeMark]:
    """Those of the tenant in scope, the earliest change first, behind the one of that row then."""
    query = select(ChangeMark).where(ChangeMark.kind == kind, tuple_(*ORDER) > (at, row_id))
    return db.session.scalars(query.order_by(*ORDER).limit(most)).all()


def forget(now: datetime) -> None:
    """Delete what nobody may ask for any more."""
    old = delete(ChangeMark).where(ChangeMark.gone, ChangeMark.at < now - KNOWN_FOR)
    with unscoped("marks of all businesses grow old"):
        db.session.execute(old.execution_options(synchronize_session=False))
        db.session.commit()
