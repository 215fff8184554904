"""The link by which whoever reads a mailbox confirms that answers to a business go there."""

from flask import Blueprint, abort, render_template, request

from app.lib.time.clock import now
from app.outbox.reply_to import reply_address
from app.outbox.reply_to.reply_address import LinkOver
from app.web.guards import access
from app.web.guards.csrf import csrf
from app.web.links.reply_address_words import WORDS

blueprint = Blueprint("reply_address", __name__, url_prefix="/reply-address")
access.allow("reply_address", access.PUBLIC)
# Whoever has the link may press its button, signed in or not.
csrf.exempt(blueprint)


@blueprint.get("/<token>")
def ask(token: str) -> tuple[str, int]:
    """Whether it is right, as programs open links, too; 404 where the link is none of ours, 410
    where its time is over or another address was entered since."""
    return _page(token)


@blueprint.post("/<token>")
def answer(token: str) -> tuple[str, int]:
    """It is right."""
    return _page(token, pressed=True)


def _page(token: str, pressed: bool = False) -> tuple[str, int]:
    try:
        one = reply_address.asked(token, now()) or abort(404)
        if pressed:
            reply_address.confirm(one)
    except LinkOver:
        return _told("over"), 410
    return _told("done" if pressed or one.done else "asks", one.business, one.address), 200


def _told(what: str, business: str = "", address: str = "") -> str:
    language = request.accept_languages.best_match(WORDS) or "en"
    return render_template(
        "links/reply_address.html",
        words=WORDS[language],
        language=language,
        what=what,
        business=business,
        address=address,
    )
