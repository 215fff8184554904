"""The link below an automatic email by which its reader wants no more, and wants them again."""

from flask import Blueprint, abort, render_template, request

from app.lib.time.clock import now
from app.outbox.compose import unsubscribe
from app.outbox.compose.unsubscribe import Reader
from app.web.guards import access
from app.web.guards.csrf import csrf
from app.web.links.unsubscribe_words import WORDS

blueprint = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")
access.allow("unsubscribe", access.PUBLIC)
# A mail program presses the button itself, with nothing but the address (RFC 8058).
csrf.exempt(blueprint)


@blueprint.get("/<token>")
def ask(token: str) -> str:
    """Whether they want it, as programs open links, too; 404 where the link is no link of ours."""
    return _page(_reader(token))


@blueprint.post("/<token>")
def answer(token: str) -> str:
    """No more emails; with again=1 in the form some after all. Answered without a redirect, which
    a mail program must not follow (RFC 8058, 3.2)."""
    one = _reader(token)
    if request.form.get("again") == "1":
        unsubscribe.start(one, now())
    else:
        unsubscribe.stop(one, now())
    return _page(one)


def _page(one: Reader) -> str:
    language = request.accept_languages.best_match(WORDS) or "en"
    return render_template(
        "links/unsubscribe.html",
        words=WORDS[language],
        language=language,
        business=one.business,
        over=unsubscribe.wants_none(one),
    )


def _reader(token: str) -> Reader:
    return unsubscribe.reader(token) or abort(404)
