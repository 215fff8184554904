"""The link below an automatic email by which its reader wants no more, and wants them again."""

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.lib.clock import now
from app.outbox import unsubscribe
from app.outbox.unsubscribe import Reader
from app.web import access
from app.web.csrf import csrf
from app.web.unsubscribe_words import WORDS

blueprint = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")
access.allow("unsubscribe", access.PUBLIC)
# A mail program presses the button itself, with nothing but the address (RFC 8058).
csrf.exempt(blueprint)


@blueprint.get("/<public_id>")
def ask(public_id: str) -> str:
    """Whether they want it, as programs open links, too; 404 where the link is no link of ours."""
    one = _reader(public_id)
    language = request.accept_languages.best_match(WORDS) or "en"
    over = unsubscribe.wants_none(one)
    return render_template(
        "unsubscribe.html", words=WORDS[language], language=language, reader=one, over=over
    )


@blueprint.post("/<public_id>")
def answer(public_id: str) -> Response:
    """No more emails; with again=1 in the form some after all."""
    one = _reader(public_id)
    if request.form.get("again") == "1":
        unsubscribe.start(one, now())
    else:
        unsubscribe.stop(one, now())
    return redirect(url_for(".ask", public_id=public_id), 303)


def _reader(public_id: str) -> Reader:
    try:
        found = unsubscribe.reader(uuid.UUID(public_id))
    except ValueError:
        abort(404)
    return found or abort(404)
