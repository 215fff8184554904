"""Headers that tell the browser what our pages never do (OWASP secure headers)."""

import secrets

from flask import Flask, Response, g, request
from werkzeug.exceptions import SecurityError

from app.config import Settings
from app.streams import door


def nonce() -> str:
    """The word that marks this answer's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _policy(settings))
        headers["X-Content-Type-Options"] = "nosniff"
        # The HTML of an email is framed by the thread (received_email_page.py).
        headers.setdefault("X-Frame-Options", "DENY")
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if settings.production:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if "Cache-Control" not in headers:
            # Customers' messages stay out of caches and of the back button after sign-out.
            headers["Cache-Control"] = "no-store"
        return response


def _policy(settings: Settings) -> str:
    streams = _streams(settings)
    return (
        f"default-src 'self'; connect-src 'self' {streams}; "
        f"script-src 'self' 'nonce-{nonce()}'; "
        # Flask-Admin's date picker and select boxes write style attributes.
        f"style-src 'self' 'nonce-{nonce()}'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


def _streams(settings: Settings) -> str:
    """The origin that the event stream comes from."""
    try:
        return door.origin(door.url(settings, request.host_url))
    except SecurityError:
        # Asked for under a name that is not ours.
        return "'self'"
