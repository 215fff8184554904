"""The HTML of an email that came in, for its frame in the thread, and that business's staff."""

from base64 import b64encode

from flask import Blueprint, Response, abort, request
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.lib.mail.letter_page import content_security_policy, page
from app.lib.safe_media import shown_as
from app.models import Media, ReceivedEmail
from app.web.guards import access

blueprint = Blueprint("received_email", __name__)
access.allow("received_email", access.STAFF, tenant=True)
# Of pictures within one email; beyond it they are only beside it.
MOST_BYTES = 8 * 1024 * 1024


@blueprint.get("/emails/<int:received_email_id>")
def show(received_email_id: int) -> Response:
    """The page; with pictures=1 those that lie elsewhere, too, which tells their sender so.

    The frame has no origin, so that its requests would have no session: the pictures that came with
    the email stand in it.
    """
    remote = "pictures" in request.args
    query = select(ReceivedEmail).where(ReceivedEmail.id == received_email_id)
    email = db.session.scalar(query.options(undefer(ReceivedEmail.html)))
    if email is None or not email.html:
        abort(404)
    answer = Response(page(email.html, _pictures(email.message_id), remote), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = content_security_policy(remote)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _pictures(message_id: int) -> dict[str, str]:
    """As data: addresses by their Content-ID, as many as there is room for."""
    size = func.sum(func.octet_length(Media.content)).over(order_by=Media.position)
    named = select(Media.id, size.label("size")).where(
        Media.message_id == message_id, Media.content_id != ""
    )
    few = named.subquery()
    query = select(Media).join(few, few.c.id == Media.id).where(few.c.size <= MOST_BYTES)
    rows = db.session.scalars(query.options(undefer(Media.content)))
    shown = ((row.content_id, shown_as(row.content or b""), row.content or b"") for row in rows)
    return {
        name: f"data:{kind};base64,{b64encode(content).decode()}"
        for name, kind, content in shown
        if kind
    }
