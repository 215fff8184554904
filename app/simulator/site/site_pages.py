"""The businesses' own sites, on another origin than the product, with their live chat in them."""

import time
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Blueprint, Response, abort, make_response, render_template, request

from app.simulator.records import Site
from app.simulator.simulator import current

site_pages = Blueprint("site", __name__, url_prefix="/site")

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
HOUR = 3600


@site_pages.get("/")
@site_pages.get("/<slug>")
def show(slug: str = "") -> Response:
    """A page of it; lang: its language, as (and name): who is signed in. Its policy lets in no more
    than the settings of the live chat say."""
    sites = current().state.sites
    site = sites.get(slug) if slug else next(iter(sites.values()), None)
    if site is None:
        abort(404, "There is no such site. The product tells of those that have a live chat.")
    answer = make_response(render_template("site.html", site=site, **_about(site)))
    answer.headers["Content-Security-Policy"] = _policy(site)
    return answer


def _about(site: Site) -> dict[str, Any]:
    language, who = request.args.get("lang", "en"), request.args.get("as", "").strip()
    return {
        "language": language if language in LANGUAGES else "en",
        "languages": LANGUAGES,
        "who": who,
        "name": request.args.get("name", "").strip(),
        "identity": _signed(site, who) if who and site.secret else "",
    }


def _signed(site: Site, who: str) -> str:
    """As docs/live-chat.md tells sites to do it."""
    claims = {"iss": "widget", "sub": who, "exp": int(time.time()) + HOUR}
    if name := request.args.get("name", "").strip():
        claims["name"] = name
    return jwt.encode(claims, site.secret, algorithm="HS256")


def _policy(site: Site) -> str:
    parts = urlsplit(site.loader)
    chat = f"{parts.scheme}://{parts.netloc}"
    own = (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    )
    return f"{own}; script-src {chat}; frame-src {chat}"
