"""Buttons on a planned notification: cancel it, or send it now."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.extensions import db
from app.lib.time.clock import now
from app.models import Notification
from app.notifications import by_hand
from app.outbox.refused import Refused
from app.web.guards import access
from app.web.guards.access import wants_json

blueprint = Blueprint("planned", __name__, url_prefix="/notifications/<int:notification_id>")
access.allow("planned", access.STAFF, tenant=True)

ALTHOUGH = "To send it all the same, confirm it (although_quiet=1)."


@blueprint.post("/cancel")
def cancel(notification_id: int) -> Response:
    """Planning never brings it back."""
    return _done(
        notification_id,
        lambda: by_hand.cancel(notification_id, now()),
        "Cancelled: it is not sent.",
    )


@blueprint.post("/send-now")
def send_now(notification_id: int) -> Response:
    """In quiet hours only with although_quiet=1."""
    values = request.get_json() if request.is_json else request.form
    if not isinstance(values, Mapping):
        abort(400)
    although = str(values.get("although_quiet", "")).lower() in ("1", "true", "on")
    return _done(
        notification_id,
        lambda: by_hand.send_now(notification_id, now(), although),
        "It is being sent.",
    )


def _done(id_: int, act: Callable[[], None], told: str) -> Response:
    """422 with the reason where it is refused; quiet says that confirming it would help."""
    if db.session.scalar(select(Notification.id).where(Notification.id == id_)) is None:
        abort(404)
    try:
        act()
    except Refused as refused:
        quiet = isinstance(refused, by_hand.InQuietHours)
        reason = f"{refused} {ALTHOUGH}" if quiet and wants_json() else str(refused)
        if wants_json():
            return make_response(jsonify(error=reason, quiet=quiet), 422)
        flash(reason, "error")
    else:
        if wants_json():
            return make_response(jsonify(id=id_))
        flash(told, "success")
    return redirect(url_for("tomorrow.index"))
