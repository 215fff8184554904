"""Buttons on a message in the thread: take it back, send it now, try it again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.extensions import db
from app.lib.time.clock import now
from app.models import Message
from app.notifications.by_hand import still_holds
from app.outbox.after_send import send_now, take_back, try_again
from app.outbox.compose import draft_files
from app.outbox.compose.drafts import Begun
from app.outbox.refused import Refused
from app.web.guards import access
from app.web.guards.access import wants_json

blueprint = Blueprint("second_thoughts", __name__, url_prefix="/messages/<int:customer_id>")
access.allow("second_thoughts", access.STAFF, tenant=True)

ACTIONS: dict[str, Callable[[Message], Begun | None]] = {
    "undo": lambda message: take_back(message, _mine(), now()),
    "now": lambda message: send_now(message, now()),
    "again": lambda message: _again(message),
}


def _again(message: Message) -> None:
    still_holds(message, now())
    try_again(message, now(), _mine())


def _draft(customer_id: int, begun: Begun) -> dict[str, Any]:
    files = draft_files.in_draft(_mine(), customer_id)
    return vars(begun) | {"files": [draft_files.shown(file) for file in files]}


def _mine() -> int | None:
    """A platform admin is no user of the tenant, so no row of it can name them."""
    return current_user.id if current_user.tenant_id else None


@blueprint.post("/<int:message_id>/<any(undo, now, again):action>")
def act(customer_id: int, message_id: int, action: str) -> Response:
    """Do it, or say why it cannot be done any more (422). What is taken back stands in the draft,
    and for a program in the answer."""
    message = _message(customer_id, message_id)
    begun = None
    try:
        begun = ACTIONS[action](message)
    except Refused as refused:
        if wants_json():
            return make_response(jsonify(error=str(refused)), 422)
        flash(str(refused), "error")
    if wants_json():
        return make_response(jsonify(id=message_id, draft=begun and _draft(customer_id, begun)))
    return redirect(url_for("inbox.show", customer_id=customer_id))


def _message(customer_id: int, message_id: int) -> Message:
    query = select(Message).where(Message.id == message_id, Message.customer_id == customer_id)
    return db.session.scalar(query) or abort(404)
