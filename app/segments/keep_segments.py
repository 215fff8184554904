"""Keeps segments, reads what is typed into their filters, and counts whom they have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.channels import CHOSEN
from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.lib.text.languages import NoLanguage, language_code
from app.models import Customer, CustomerSegment, Label, Service
from app.segments.segment_filters import FILTERS, Filter, conditions

LONGEST, MOST_DAYS, MOST = 60, 3650, 100
# More nobody counts to, and so long at most it takes.
MOST_COUNTED, PATIENCE = 100_000, 3_000
SAME_NAME = "Another segment has this name already. Give this one another."


class BadSegment(ValueError):
    """It cannot be kept; says why in a person's words."""


class Count(NamedTuple):
    customers: int
    known: bool = True
    """False: it would take too long to count them."""

    @property
    def more(self) -> bool:
        """Whether there are more than anybody counts."""
        return self.customers > MOST_COUNTED


def read(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of those fields; an empty one asks for nothing. Raises BadSegment."""
    given = {key: str(typed.get(key) or "").strip() for key in FILTERS}
    return {key: _value(FILTERS[key], text) for key, text in given.items() if text}


def _value(each: Filter, text: str) -> Any:
    match each.kind:
        case "days":
            return _days(each, text)
        case "service" | "label":
            return _row(Service if each.kind == "service" else Label, each, text)
        case "language":
            return _language(text)
        case "channel":
            return _one_of(each, text, CHOSEN)
        case _:
            return _one_of(each, text, ("yes", "no"))


def _days(each: Filter, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_DAYS):
        raise BadSegment(f"{each.label}: give whole days, from 1 to {MOST_DAYS:,}.")
    return int(text)


def _row(kind: type[Service] | type[Label], each: Filter, text: str) -> int:
    id_ = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if db.session.scalar(select(kind.id).where(kind.id == id_)) is None:
        raise BadSegment(f"{each.label}: this one is gone. Choose another.")
    return id_


def _language(text: str) -> str:
    try:
        return str(language_code(text)).partition("-")[0].lower()
    except NoLanguage:
        raise BadSegment("Speaks: we know no such language. Write it as English or es.") from None


def _one_of(each: Filter, text: str, known: Any) -> str:
    if text not in known:
        raise BadSegment(f"{each.label}: choose one of the list.")
    return text


def keep(segment: CustomerSegment | None, name: str, filters: dict[str, Any]) -> CustomerSegment:
    """A new one, or that one changed. Raises BadSegment. Commits."""
    name = one_line(clean(name))
    if not shows(name) or len(name) > LONGEST:
        raise BadSegment(f"Give it a name of up to {LONGEST} characters.")
    if segment is None and (db.session.scalar(select(func.count(CustomerSegment.id))) or 0) >= MOST:
        raise BadSegment(f"There are {MOST} segments, which is the most. Delete one first.")
    kept = segment or CustomerSegment()
    kept.name, kept.filters = name, filters
    db.session.add(kept)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise BadSegment(SAME_NAME) from None
    return kept


def count(filters: dict[str, Any], now: datetime) -> Count:
    """How many customers they have now. Ends the transaction."""
    some = select(Customer.id).where(*conditions(filters, now)).limit(MOST_COUNTED + 1).subquery()
    try:
        db.session.execute(select(func.set_config("statement_timeout", str(PATIENCE), True)))
        return Count(db.session.scalar(select(func.count()).select_from(some)) or 0)
    except OperationalError:
        return Count(0, known=False)
    finally:
        db.session.rollback()
