"""What gunicorn and the flask command start: the app with its admin screens on top."""

import sys
from collections.abc import Mapping

import click
from flask import Flask

import admin_views
from app import create_app
from app.config import ConfigError
from app.factory import check_row_security, check_zones
from app.servers import ServerError

# Of a worker this ends gunicorn (its WORKER_BOOT_ERROR), which else would begin another for ever.
NEVER_BEGAN = 3


def build(environ: Mapping[str, str] | None = None) -> Flask:
    """The whole program. Raises ConfigError or ServerError, each with one clear line."""
    whole = create_app(environ)
    admin_views.init_app(whole)
    return whole


def __getattr__(name: str) -> Flask:
    # Made when gunicorn or flask asks for it, so that importing this file starts nothing.
    if name != "app":
        raise AttributeError(name)
    try:
        globals()["app"] = app = build()
        # A command may be the one that sets it up.
        if click.get_current_context(silent=True) is None:
            check_row_security(app)
            check_zones(app)
    except (ConfigError, ServerError) as error:
        print(f"kaivox: {error}", file=sys.stderr)
        sys.exit(NEVER_BEGAN)
    return globals()["app"]
