"""A webhook names a business by its slug and proves that it may; nothing is read before that."""

from collections.abc import Callable

from flask import abort
from werkzeug.exceptions import HTTPException

from app.inbound.routing import Route, route
from app.web.guards import strangers

Fits = Callable[[Route], bool]
Refused = Callable[[Route], None] | None


def admitted(slug: str, fits: Fits, refused: Refused = None) -> Route:
    """The business of the slug, if the request fits it; else 404 or 403, or 429 for whoever has had
    many of these. refused: what else is to be done with a 403."""
    try:
        return _admitted(slug, fits, refused)
    except HTTPException as refusal:
        strangers.refuse(refusal)


def _admitted(slug: str, fits: Fits, refused: Refused) -> Route:
    found = _named(slug)
    if fits(found):
        return found
    # What it is held against may have been changed a moment ago.
    found = _named(slug, fresh=True)
    if not fits(found):
        if refused:
            refused(found)
        abort(403)
    return found


def _named(slug: str, fresh: bool = False) -> Route:
    found = route(slug, fresh=fresh)
    if found is None:
        abort(404)
    return found
