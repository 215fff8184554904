"""Addresses of our pages, style sheets and scripts: a page names a hundred, and each is always the
same."""

from functools import cache, lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from app.web.guards.headers import nonce

# Addresses that are kept: those of some hundred pages.
MOST = 5000
MODULE = Markup('<script type="module" src="{}" nonce="NONCE"></script>')


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's, for templates; within our own site."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    return _built(endpoint, **values)


def modules(*names: str) -> Markup:
    """Scripts of a page, by their names in static/js, marked as this answer's own."""
    return _modules(names).replace("NONCE", nonce())


@cache
def _modules(names: tuple[str, ...]) -> Markup:
    return Markup("\n").join(
        MODULE.format(url_for("static", filename=f"js/{name}.js")) for name in names
    )


# Typed: 1 and True are the same key, and other words in an address.
@lru_cache(MOST, typed=True)
def _built(endpoint: str, **values: Any) -> str:
    return current_app.url_for(endpoint, **values)
