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
    most, down = limit(), _order()
    query = resource.query().where(*narrowed(resource))
    if cursor := request.args.get("cursor"):
        edge = _edge(cursor, resource.key)
        query = query.where(resource.key < edge if down else resource.key > edge)
    ordered = query.order_by(resource.key.desc() if down else resource.key).limit(most + 1)
    rows = db.session.scalars(ordered).unique().all()
    more = encoded(str(getattr(rows[most - 1], resource.key.key))) if len(rows) > most else None
    return {"data": told(resource, *rows[:most]), "next_cursor": more}


def narrowed(resource: Resource, *taken: str) -> list[Any]:
    """By which filters of its own. Raises Problem."""
    wanted = []
    for name, text in request.args.items():
        if name in (*TAKEN, *taken):
            continue
        if name not in resource.filters:
            raise wrong(name, "there is no such filter")
        try:
            wanted.append(resource.filters[name].narrow(text))
        except (ValidationError, ValueError) as error:
            raise wrong(name, str(error).strip("[]'.").lower()) from None
    return wanted


def limit() -> int:
    """How many a page has. Raises Problem."""
    text = request.args.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise wrong("limit", f"from 1 to {MOST}")
    return int(text)


def _order() -> bool:
    """Whether the newest comes first."""
    order = request.args.get("order", "asc")
    if order not in ("asc", "desc"):
        raise wrong("order", "asc or desc")
    return order == "desc"


def _edge(cursor: str, key: Any) -> int:
    try:
        return id_of(decoded(cursor), key)
    except ValidationError:
        raise no_cursor() from None


def encoded(edge: str) -> str:
    """A cursor that says where the next page begins."""
    return base64.urlsafe_b64encode(edge.encode()).decode().rstrip("=")


def decoded(cursor: str) -> str:
    """What it says. Raises Problem."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise no_cursor() from None


def no_cursor() -> Problem:
    return wrong("cursor", "take it from next_cursor as it is")


def wrong(name: str, what: str) -> Problem:
    """A parameter that cannot be what it says."""
    return Problem(400, f"The parameter {name} cannot be that: {what}.")
