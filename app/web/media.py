"""Pictures and files that customers sent, for that business's staff alone."""

from flask import Blueprint, Response, abort
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.lib.safe_media import shown_as
from app.models import Media
from app.web import access

blueprint = Blueprint("media", __name__)
access.allow("media", access.STAFF, tenant=True)


@blueprint.get("/media/<int:media_id>")
def show(media_id: int) -> Response:
    """The file: shown if it is a picture that cannot do harm, else offered as a download."""
    query = select(Media).where(Media.id == media_id).options(undefer(Media.content))
    media = db.session.scalar(query)
    if media is None or media.content is None:
        abort(404)
    kind = shown_as(media.content)
    answer = Response(media.content, mimetype=kind or "application/octet-stream")
    answer.headers["Content-Disposition"] = "inline" if kind else "attachment"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
