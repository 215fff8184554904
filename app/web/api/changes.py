"""What was changed since a time, and what is no more: for programs that keep a copy.

A change counts from when its statement ran, and shows once its transaction has ended. So a program
is told how far it has come somewhat less than it has: what it gets twice, it has twice the same.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import request
from marshmallow import ValidationError

from app.api_keys.change_marks import KNOWN_FOR, after
from app.extensions import db
from app.models import ChangeMark
from app.web.api import listing
from app.web.api.fields import Instant, instant_of
from app.web.api.resource import Resource, told

# No transaction of ours takes longer.
OVERLAP = timedelta(minutes=2)
TOO_LONG_AGO = "what was deleted is known for 180 days: read the whole list, without it"
IN_ORDER = "with updated_since the earliest change comes first"


class Place(NamedTuple):
    """Where a page begins, and from when on the program is to ask next."""

    at: datetime
    row_id: int
    until: datetime

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.row_id} {self.until.isoformat()}"

    @classmethod
    def parse(cls, cursor: str) -> "Place":
        try:
            at, row_id, until = listing.decoded(cursor).split(" ")
            return cls(instant_of(at), int(row_id[:18]), instant_of(until))
        except (ValidationError, ValueError):
            raise listing.no_cursor() from None


def page(resource: Resource, now: datetime) -> dict[str, Any]:
    """`data` that was changed since `updated_since`, the earliest change first; `removed`, what is
    not in this list (any more): deleted, merged, or not what the filters name; `updated_until`, to
    be the next `updated_since`. Raises Problem."""
    if request.args.get("order", "asc") != "asc":
        raise listing.wrong("order", IN_ORDER)
    place, most = _begin(now), listing.limit()
    narrowed = listing.narrowed(resource, "updated_since")
    found = after(resource.model.__tablename__, place.at, place.row_id, most + 1)
    marks = {mark.row_id: mark for mark in found[:most]}
    query = resource.query().where(resource.key.in_(marks), *narrowed)
    rows = {getattr(row, resource.key.key): row for row in db.session.scalars(query).unique()}
    more = len(found) > most
    last = Place(found[most - 1].at, found[most - 1].row_id, place.until) if more else None
    return {
        "data": told(resource, *(rows[id_] for id_ in marks if id_ in rows)),
        "removed": [_removed(mark) for id_, mark in marks.items() if id_ not in rows],
        "next_cursor": listing.encoded(str(last)) if last else None,
        "updated_until": _told(place.until),
    }


def _begin(now: datetime) -> Place:
    if cursor := request.args.get("cursor"):
        return Place.parse(cursor)
    try:
        since = instant_of(request.args["updated_since"])
    except ValidationError as error:
        raise listing.wrong("updated_since", str(error.messages[0]).lower().strip(".")) from None
    if since < now - KNOWN_FOR:
        raise listing.wrong("updated_since", TOO_LONG_AGO)
    return Place(since, 0, now - OVERLAP)


def _removed(mark: ChangeMark) -> dict[str, Any]:
    return {"id": str(mark.row_id), "at": _told(mark.at)}


def _told(instant: datetime) -> Any:
    return Instant().serialize("at", {"at": instant})
