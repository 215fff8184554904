"""How pages tell of a segment: what its filters ask for, and what each can be given."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from admin_views.labels import WRITTEN_BY
from app.extensions import db
from app.lib.time.locales import language
from app.models import Label, Service
from app.segments.keep_segments import Count
from app.segments.segment_filters import FILTERS

COMING = {"yes": "has one", "no": "has none"}


def choices() -> dict[str, dict[str, str]]:
    """By the kind of a filter what can be chosen for it; others are typed."""
    return {
        "service": _named(Service),
        "label": _named(Label),
        "channel": WRITTEN_BY,
        "coming": COMING,
    }


def _named(kind: type[Service] | type[Label]) -> dict[str, str]:
    rows = db.session.execute(select(kind.id, kind.name).order_by(kind.name, kind.id))
    return {str(row.id): row.name for row in rows}


def told(filters: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> str:
    """Whom they have, as a sentence; known: the choices."""
    parts = [_part(key, value, known) for key in FILTERS if (value := filters.get(key))]
    return f"Customers who {', and '.join(parts)}." if parts else "All customers."


def _part(key: str, value: Any, known: Mapping[str, Mapping[str, str]]) -> str:
    each = FILTERS[key]
    if each.kind == "coming":
        return each.sentence.format("have a" if value == "yes" else "have no")
    if each.kind == "language":
        return each.sentence.format(language(value))
    name = known.get(each.kind, {}).get(str(value), "(one that is gone)")
    return each.sentence.format(value if each.kind == "days" else name)


def counted(count: Count) -> str:
    if not count.known:
        return "Too many to count quickly"
    more = "More than " if count.more else ""
    number = count.customers - count.more
    return f"{more}{number:,} customer{'' if number == 1 else 's'}"
