"""The number by which a row of our own files is met again, whatever else is known of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from app.extensions import db
from app.models import Appointment, Customer

# No id has more digits.
FORM = re.compile(r"kv([0-9]{1,9})-[0-9a-f]{1,16}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row", Customer, Appointment)


def file_id(row: Customer | Appointment) -> str:
    """Its id, and when it was made: in another database nothing has both by chance."""
    return f"kv{row.id}-{(row.created_at - EPOCH) // timedelta(microseconds=1):x}"


def met(kind: type[Row], text: str | None) -> Row | None:
    """The tenant's row with that number; None for any other text."""
    form = FORM.fullmatch(text or "")
    found = db.session.scalar(select(kind).where(kind.id == int(form[1]))) if form else None
    return found if found and file_id(found) == text else None
