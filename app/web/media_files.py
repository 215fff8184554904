"""Pictures and files that customers sent, for that business's staff alone."""

from io import BytesIO

from flask import Blueprint, Response, abort, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.lib.safe_media import played_as, shown_as
from app.models import Direction, Media, Message
from app.outbox.compose.attachments import named_by
from app.tenancy import unscoped
from app.web.guards import access

blueprint = Blueprint("media", __name__)
access.allow("media", access.STAFF, tenant=True)
access.allow("media.for_the_carrier", access.PUBLIC)


@blueprint.get("/media/<int:media_id>")
def show(media_id: int) -> Response:
    """The file: shown or played if it cannot do harm, else offered as a download.

    A browser keeps a picture and asks each time whether it may show it: only who may see it is told
    so (304), so that none outlives a sign-out. A file's content never changes.
    """
    media = db.session.scalar(select(Media).where(Media.id == media_id))
    tag = f"media-{media_id}"
    known = media is not None and tag in request.if_none_match
    answer = Response(status=304) if known else file(media)
    if not answer.headers.get("Content-Disposition", "").startswith("attachment"):
        answer.set_etag(tag)
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/attachments/<token>")
def for_the_carrier(token: str) -> Response:
    """A file that staff send, at an address that only its carrier was told."""
    query = (
        select(Media)
        .join(Message, Message.id == Media.message_id)
        .where(Media.id == named_by(token), Message.direction == Direction.OUTBOUND)
        .options(undefer(Media.content))
    )
    with unscoped("the address itself says whose file it is"):
        return file(db.session.scalar(query))


def file(media: Media | None) -> Response:
    """Its content, which no browser runs; 404 where there is none, or none yet."""
    if media is None or media.content is None:
        abort(404)
    kind = shown_as(media.content) or played_as(media.content, media.content_type)
    answer = send_file(
        BytesIO(media.content),
        kind or _harmless(media),
        as_attachment=kind is None,
        download_name=media.file_name,
        # A player asks for parts of it (RFC 9110, section 14).
        conditional=media.is_sound,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _harmless(media: Media) -> str:
    """The type of what is only downloaded; a PDF of ours must say so to the carrier."""
    ours = media.url == "" and media.content_type == "application/pdf"
    return "application/pdf" if ours else "application/octet-stream"
