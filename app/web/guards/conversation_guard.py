"""Whoever sees some conversations only (app/inbox/team/staff_rights.py) is shown no others, and
does nothing with them: docs/adr/0034.

What is read is read for their eyes, so that no page can forget it. What is posted is looked at
first; then it is done with the eyes of the business, as what is planned or sent depends on all that
was said; and the page that answers is theirs again.
"""

from collections.abc import Iterator, Sequence

from flask import Flask, before_render_template, current_app, g, request
from flask_security import current_user
from werkzeug.exceptions import Forbidden, ServiceUnavailable

from app.inbox.reading.seen import is_hidden
from app.inbox.team import staff_rights
from app.row_security.visibility import Viewer, seen_by
from app.web.guards.csrf import csrf

# All that these do is in the customer's conversation. The other pages of a customer are of who they
# are and when they come.
OF_CONVERSATIONS = frozenset({"inbox", "presence", "second_thoughts", "waiting"})
ALSO = frozenset({"profile.ask_for_review", "same_person.merge"})
# Fields that name customers; in the last a colon ends the name.
FIELDS = {
    "inbox.send": "customer_id",
    "same_person.merge": "other",
    "customers.delete_view": "id",
    "customers.action_view": "rowid",
    "bulk.act": "talk",
}
# Of these what is not seen stays as it is.
STAY = frozenset({"notices.read"})
LARGEST = 2**31


class NotYours(Forbidden):
    plain = (
        "This conversation is not assigned to you. Whoever has it, or an admin, can assign it to"
        " you."
    )


class CannotHide(ServiceUnavailable):
    """Rather no page than one with what is not theirs."""

    plain = (
        "You see some conversations only, and this database cannot tell them apart yet. Ask whoever"
        " runs KaiVox to finish its upgrade."
    )


def init_app(app: Flask) -> None:
    """Call it after all other guards."""
    app.before_request(look)
    app.teardown_request(look_no_more)
    before_render_template.connect(_theirs_again, app)


def enter() -> None:
    """From here on the request is answered for whoever is signed in. Raises CannotHide."""
    viewer = staff_rights.viewer_of(current_user)
    if viewer and not current_app.extensions["row_security"].narrows:
        raise CannotHide
    g.viewer = viewer
    if viewer:
        _see_as(viewer)


def theirs() -> Viewer | None:
    """For whose eyes pages are, whatever is being done just now; None: they see all."""
    viewer: Viewer | None = g.get("viewer")
    return viewer


def look() -> None:
    """Raises NotYours."""
    if theirs() is None:
        return
    if any(map(is_hidden, _named())):
        raise NotYours
    if csrf.unsafe() and request.endpoint not in STAY:
        _see_as(None)


def look_no_more(_error: BaseException | None = None) -> None:
    if seeing := g.pop("seeing", None):
        seeing.__exit__(None, None, None)


def _theirs_again(_app: Flask, **_of: object) -> None:
    if viewer := theirs():
        _see_as(viewer)


def _see_as(viewer: Viewer | None) -> None:
    look_no_more()
    g.seeing = seen_by(viewer)
    g.seeing.__enter__()


def _named() -> Iterator[int]:
    """The ids of the customers in whose conversations something is asked for."""
    endpoint = request.endpoint or ""
    if endpoint.partition(".")[0] in OF_CONVERSATIONS or endpoint in ALSO:
        yield from _ids([(request.view_args or {}).get("customer_id")])
    if field := FIELDS.get(endpoint):
        yield from _ids(request.values.getlist(field))
        if request.is_json and isinstance(said := request.get_json(silent=True), dict):
            yield from _ids([said.get(field)])


def _ids(given: Sequence[object]) -> Iterator[int]:
    """What cannot be an id names nobody: the view says so."""
    for each in given:
        digits = str(each).partition(":")[0].strip()
        if digits.isascii() and digits.isdigit() and len(digits) < 20 and int(digits) < LARGEST:
            yield int(digits)
