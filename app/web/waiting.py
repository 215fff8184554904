"""Buttons on what waits for a person in a thread: cancel the appointment that they want to cancel;
stop the messages of which they may want no more, or keep them."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.appointments import commands
from app.extensions import db
from app.lib.time.clock import now
from app.models import Conversation, Reply
from app.notifications.forecast.notice import Notice, notice
from app.outbox.queue import stop_asked
from app.web.guards import access
from app.web.guards.access import wants_json

blueprint = Blueprint("waiting", __name__, url_prefix="/messages/<int:customer_id>")
access.allow("waiting", access.STAFF, tenant=True)

MEANWHILE = (
    "This waits no more: somebody has seen to it, or the appointment was changed. Look again."
)


@blueprint.post("/waiting/<int:reply_id>/cancel")
def cancel(customer_id: int, reply_id: int) -> Response:
    """The appointment that the answer is about, as long as the answer waits."""
    _conversation(customer_id)
    try:
        moment = now()
        cancelled = commands.cancel(_waiting(customer_id, reply_id), moment, tell=True)
    except commands.Refused as refused:
        db.session.rollback()
        return _done(customer_id, str(refused))
    return _done(customer_id, said=f"Cancelled. {_told(notice(cancelled, moment), moment)}")


def _waiting(customer_id: int, reply_id: int) -> int:
    """The id of the appointment. Raises Refused."""
    query = (
        select(Reply.appointment_id)
        .join(Conversation, Conversation.open_reply_id == Reply.id)
        .where(Conversation.customer_id == customer_id, Reply.id == reply_id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise commands.Refused(MEANWHILE)
    return found


def _told(found: Notice, moment: datetime) -> str:
    if found.reason or found.waits:
        return found.reason or found.waits
    later = found.at and found.at > moment + timedelta(minutes=1)
    by = f" by {found.channel.label}" if found.channel else ""
    return f"The customer is told{by} {'after quiet hours' if later else 'in half a minute'}."


@blueprint.post("/stop-asked/<int:message_id>/stop")
def stop(customer_id: int, message_id: int) -> Response:
    """They asked for no more messages by that one; nothing happens where it is decided already."""
    _conversation(customer_id)
    stop_asked.stop(customer_id, message_id, now())
    return _done(customer_id)


@blueprint.post("/stop-asked/<int:message_id>/keep")
def keep(customer_id: int, message_id: int) -> Response:
    """They meant something else by it."""
    _conversation(customer_id)
    stop_asked.keep(customer_id, message_id)
    return _done(customer_id)


def _conversation(customer_id: int) -> None:
    query = select(Conversation.id).where(Conversation.customer_id == customer_id)
    if db.session.scalar(query) is None:
        abort(404)


def _done(customer_id: int, refused: str = "", said: str = "") -> Response:
    """422 with the reason where it is refused; said: what came of it, for people."""
    if wants_json():
        told = {"error": refused} if refused else {"id": customer_id, "said": said}
        return make_response(jsonify(told), 422 if refused else 200)
    if refused or said:
        flash(refused or said, "error" if refused else "success")
    return redirect(url_for("inbox.show", customer_id=customer_id))
