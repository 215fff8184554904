"""A browser that somebody has signed in with is known again (OWASP's device cookies): strangers
who guess at an account keep no known browser of it out.
"""

import secrets

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.extensions import settings

SALT = "device cookie"
KNOWN_FOR = 365 * 24 * 3600
# Nothing but sign-in asks for it.
PATH = "/login"


def known(user_id: int) -> str | None:
    """The browser's random name where that user has signed in with it, else None."""
    try:
        found = _serializer().loads(request.cookies.get(_name(user_id), ""), max_age=KNOWN_FOR)
    except BadSignature:
        return None
    # The cookie of one user says nothing of another, under whatever name it comes.
    whose, browser = found
    return str(browser) if whose == user_id else None


def remember(response: Response, user_id: int) -> Response:
    """The answer after which this browser is known again, for that user."""
    browser = known(user_id) or secrets.token_urlsafe(12)
    response.set_cookie(
        _name(user_id),
        str(_serializer().dumps([user_id, browser])),
        max_age=KNOWN_FOR,
        path=PATH,
        secure=settings().production,
        httponly=True,
        samesite="Strict",
    )
    return response


def _name(user_id: int) -> str:
    return f"device_{user_id}"


def _serializer() -> URLSafeTimedSerializer:
    # The key that signs is the last one.
    keys = [*reversed(settings().secret_key_fallbacks), settings().secret_key]
    return URLSafeTimedSerializer(keys, SALT)
