"""The loader, which a business's site asks for on each page, and the panel in its frame."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, request
from werkzeug.exceptions import NotFound, SecurityError

from app.extensions import settings
from app.lib.colours import ink
from app.lib.time.clock import now
from app.streams import door
from app.web.chat import panel_key
from app.web.chat.chat_door import PREFIX, Chat, entered, language, on_refused
from app.web.chat.chat_limits import PANELS, allow
from app.web.chat.suspicion import HONEYPOT
from app.web.guards import access
from app.webchat.chat_sites import frame_ancestors
from app.webchat.chat_state import hours
from app.webchat.panel_words import LANGUAGES
from app.webchat.visitor_refused import VisitorRefused

LOADER = "js/chat/loader.js"
# Each page of a busy site asks for it.
LOADER_SECONDS = 300
NOWHERE = "default-src 'none'; frame-ancestors 'none'"

blueprint = Blueprint("chat_widget", __name__, url_prefix=PREFIX)
access.allow("chat_widget", access.PUBLIC)
blueprint.register_error_handler(VisitorRefused, on_refused)


@blueprint.get("/widget.js")
def widget(slug: str) -> Response:
    """The loader: the button, the frame and how both speak to each other."""
    try:
        with entered(slug) as chat:
            told = _for_a_script(_told(chat))
        loader = _loader(str(current_app.static_folder))
        # Once on a page, however often the line stands there.
        script = f"window.KaiVoxChat||(kaivox=>{{\n{loader}\n}})({told});\n"
    except NotFound:
        return _script("", 404)
    return _script(script, 200)


@blueprint.get("/panel")
def panel(slug: str) -> Response:
    """The page in the frame, for the sites of the business alone; an empty one for nobody."""
    try:
        with entered(slug) as chat:
            allow("panel", PANELS, chat.tenant.id)
            return _panel(chat)
    except NotFound:
        answer = make_response("<!doctype html>", 404)
        answer.headers["Content-Security-Policy"] = NOWHERE
        return answer


def _panel(chat: Chat) -> Response:
    spoken = language(chat)
    # Not by Flask's render_template, which would look for who is signed in.
    page = current_app.jinja_env.get_template("chat/panel.html").render(
        business=chat.tenant.name,
        language=spoken,
        words=LANGUAGES[spoken].panel,
        config=_config(chat, spoken),
        ink=ink(chat.settings.colour),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _policy(chat)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _config(chat: Chat, spoken: str) -> dict[str, object]:
    words, there = LANGUAGES[spoken], hours(spoken, chat.tenant.locale, now())
    greeting = chat.settings.greetings.get(spoken) or words.panel.greeting
    return {
        "base": f"/chat/{chat.tenant.slug}",
        "business": chat.tenant.name,
        "colour": chat.settings.colour,
        "ink": ink(chat.settings.colour),
        "language": spoken,
        "greeting": greeting,
        "words": words.as_json(),
        "identity": chat.settings.identity_mode,
        "hours": there._asdict(),
        "honeypot": HONEYPOT,
        "key": panel_key.make(chat.tenant.id, now()),
    }


def _told(chat: Chat) -> dict[str, object]:
    """What the loader knows of the business: nothing that its page may not say to everybody."""
    told, spoken = chat.settings, language(chat)
    return {
        "slug": chat.tenant.slug,
        "business": chat.tenant.name,
        "colour": told.colour,
        "ink": ink(told.colour),
        "side": told.side,
        "email": told.email,
        "phone": told.phone,
        "language": spoken,
        "words": {code: vars(words.loader) for code, words in LANGUAGES.items()},
    }


def _for_a_script(told: dict[str, object]) -> str:
    # A line separator of Unicode is one of JavaScript's before 2019.
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _loader(folder: str) -> str:
    return (Path(folder) / LOADER).read_text()


def _script(text: str, status: int) -> Response:
    answer = make_response(text, status)
    answer.mimetype = "text/javascript"
    # Pages that let in only what agrees to it (Cross-Origin-Embedder-Policy) may have it, too.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Cache-Control"] = f"public, max-age={LOADER_SECONDS if status == 200 else 0}"
    return answer


def _policy(chat: Chat) -> str:
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {_streams()};"
        " img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; "
        f"{frame_ancestors(chat.settings.sites)}"
    )


def _streams() -> str:
    try:
        return door.origin(door.url(settings(), request.host_url))
    except SecurityError:
        return "'self'"
