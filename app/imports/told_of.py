"""Of whom a file has told already, and in which line: kept beside its changes, so that it is known
to whoever takes it up."""

from collections import UserDict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import ImportChange

TOLD = "told"


class ToldOf(UserDict[int, int]):
    """The line that told of a customer, by their id."""

    def __init__(self, import_id: int, now: datetime) -> None:
        super().__init__()
        self._import_id, self._now = import_id, now

    def get(self, customer_id: int, default: Any = None) -> Any:
        query = select(ImportChange.line).where(
            ImportChange.import_id == self._import_id,
            ImportChange.what == TOLD,
            ImportChange.row_id == customer_id,
        )
        last = query.order_by(ImportChange.id.desc()).limit(1)
        return db.session.scalar(last) or default

    def __setitem__(self, customer_id: int, line: int) -> None:
        told = ImportChange(
            import_id=self._import_id,
            line=line,
            what=TOLD,
            row_id=customer_id,
            after={},
            at=self._now,
        )
        db.session.add(told)
