"""The link in a review request, which anybody may open who was sent it."""

import re

from flask import Blueprint, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.lib.time.clock import now
from app.notifications.content.review_link import opened
from app.web.guards import access
from app.web.guards.strangers import refuse

blueprint = Blueprint("review", __name__)
access.allow("review", access.PUBLIC)

# Programs that fetch a link for the preview beside it, before anybody has opened it; Apple's
# Messages calls itself facebookexternalhit and Twitterbot.
PREVIEWS = re.compile(r"bot\b|crawler|spider|preview|facebookexternalhit|whatsapp/", re.IGNORECASE)


@blueprint.get("/r/<public_id>")
def follow(public_id: str) -> Response:
    """To the business's review page, counted; 404 where the link is no link of ours, and for
    whoever tries one after the other 429."""
    link = opened(public_id, now(), counts=_by_a_person())
    return redirect(link) if link else refuse(NotFound())


def _by_a_person() -> bool:
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    agent = request.headers.get("User-Agent", "")
    return request.method != "HEAD" and not ahead and not PREVIEWS.search(agent)
