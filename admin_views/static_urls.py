"""Addresses of our style sheets and scripts: a page names seventy, and they never change."""

from functools import cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.web.guards.headers import nonce

MODULE = Markup('<script type="module" src="{}" nonce="%(nonce)s"></script>')


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's, for templates."""
    if endpoint == "static" and values.keys() == {"filename"}:
        return _static(values["filename"])
    return current_app.url_for(endpoint, **values)


def modules(*names: str) -> Markup:
    """Scripts of a page, by their names in static/js, marked as this answer's own."""
    return _modules(names) % {"nonce": nonce()}


@cache
def _modules(names: tuple[str, ...]) -> Markup:
    return Markup("\n").join(MODULE.format(_static(f"js/{name}.js")) for name in names)


@cache
def _static(filename: str) -> str:
    return current_app.url_for("static", filename=filename)
