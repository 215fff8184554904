"""Pages of a list, by their keys: what is added meanwhile shifts none of them."""

import base64
import binascii
from typing import Any

from flask import request
from marshmallow import ValidationError

from app.extensions import db
from app.web.api.fields import id_of
from app.web.api.resource import Resource, told
from app.web.guards.problem import Problem

MOST, USUAL = 200, 50
TAKEN = {"limit", "cursor", "order"}


def page(resource: Resource) -> dict[str, Any]:
    """`data`, and `next_cursor` of what follows; null: nothing does. Raises Problem."""
    limit, down = _limit(), _order()
    query = resource.query().where(*_narrowed(resource))
    if cursor := request.args.get("cursor"):
        edge = _edge(cursor, resource.key)
        query = query.where(resource.key < edge if down else resource.key > edge)
    ordered = query.order_by(resource.key.desc() if down else resource.key).limit(limit + 1)
    rows = db.session.scalars(ordered).unique().all()
    more = _cursor(getattr(rows[limit - 1], resource.key.key)) if len(rows) > limit else None
    return {"data": told(resource, *rows[:limit]), "next_cursor": more}


def _narrowed(resource: Resource) -> list[Any]:
    wanted = []
    for name, text in request.args.items():
        if name in TAKEN:
            continue
        if name not in resource.filters:
            raise _wrong(name, "there is no such filter")
        try:
            wanted.append(resource.filters[name].narrow(text))
        except (ValidationError, ValueError) as error:
            raise _wrong(name, str(error).strip("[]'.").lower()) from None
    return wanted


def _limit() -> int:
    text = request.args.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise _wrong("limit", f"from 1 to {MOST}")
    return int(text)


def _order() -> bool:
    """Whether the newest comes first."""
    order = request.args.get("order", "asc")
    if order not in ("asc", "desc"):
        raise _wrong("order", "asc or desc")
    return order == "desc"


def _cursor(id_: int) -> str:
    return base64.urlsafe_b64encode(str(id_).encode()).decode().rstrip("=")


def _edge(cursor: str, key: Any) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode(), altchars=b"-_", validate=True).decode()
        return id_of(text, key)
    except (binascii.Error, UnicodeError, ValidationError):
        raise _wrong("cursor", "take it from next_cursor as it is") from None


def _wrong(name: str, what: str) -> Problem:
    return Problem(400, f"The parameter {name} cannot be that: {what}.")
