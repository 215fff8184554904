"""What came with a request, as a form or as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from app.lib.text.cleaning import clean


def posted() -> dict[str, Any]:
    """The posted fields, of a form or of a JSON object; other JSON is answered with 400.

    Of a name that comes twice the last counts: so a box that is not ticked has a value, too.
    """
    if request.is_json:
        values = request.get_json()
        return values if isinstance(values, dict) else abort(400)
    return {name: values[-1] for name, values in request.form.lists()}


def token(values: Mapping[str, Any]) -> str | None:
    """The client_token among them, by which what is posted twice is done once; None: there is
    none. It is marked as posted: what is entered by itself has tokens (notification-…), in whose
    place nobody may come."""
    said = clean(str(values.get("client_token") or "")).strip()[:100]
    return f"posted-{said}" if said else None


def id_of(given: object) -> int | None:
    """The id that was sent; None: it cannot be one."""
    digits = str(given)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def ids_of(values: Mapping[str, Any], name: str) -> list[int]:
    """The ids in each field of that name, or in a JSON object's list of the name and an s. What
    cannot be an id is 0, which no row has."""
    several = values.get(f"{name}s") if request.is_json else request.form.getlist(name)
    given = several if isinstance(several, list) else []
    return [id_of(each) or 0 for each in given]


def stored(page: str) -> Response:
    """The page to look at next. After a PUT by 303, as by 302 a program would PUT there again."""
    return redirect(page, 303 if request.method == "PUT" else 302)


def nested() -> dict[str, Any]:
    """The same of a form whose names are paths: types.review_request.enabled."""
    if request.is_json:
        return posted()
    whole: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name != "csrf_token":
            _put(whole, name.split("."), values[-1])
    return whole


def _put(whole: dict[str, Any], path: list[str], value: str) -> None:
    *folders, last = path
    for name in folders:
        inner = whole.setdefault(name, {})
        whole = inner if isinstance(inner, dict) else {}
    whole[last] = value
