"""Addresses of our style sheets and scripts: a page names forty, and they never change."""

from functools import cache
from typing import Any

from flask import current_app


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's, for templates."""
    if endpoint == "static" and values.keys() == {"filename"}:
        return _static(values["filename"])
    return current_app.url_for(endpoint, **values)


@cache
def _static(filename: str) -> str:
    return current_app.url_for("static", filename=filename)
