"""What gunicorn and the flask command start: the app with its admin screens on top."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from flask import Flask

import admin_views
import app as program
from app import create_app
from app.config import ConfigError
from app.factory import check_row_security, check_zones
from app.lib.time.zones import every_zone
from app.servers import ServerError

# Of a worker this ends gunicorn (its WORKER_BOOT_ERROR), which else would begin another for ever.
NEVER_BEGAN = 3


def build(environ: Mapping[str, str] | None = None) -> Flask:
    """The whole program. Raises ConfigError or ServerError, each with one clear line."""
    whole = create_app(environ)
    admin_views.init_app(whole)
    return whole


def make_ahead() -> None:
    """Make it before it is asked for, and once for all processes that are forked from this one.

    Nothing is connected. Ends the process where the settings are wrong.
    """
    with told_plainly():
        program.made_ahead = build()
    every_zone()


def __getattr__(name: str) -> Flask:
    # Made when gunicorn or flask asks for it, so that importing this file starts nothing.
    if name != "app":
        raise AttributeError(name)
    with told_plainly():
        globals()["app"] = app = program.made_ahead or build()
        # A command may be the one that sets it up.
        if click.get_current_context(silent=True) is None:
            check_row_security(app)
            check_zones(app)
    return app


@contextmanager
def told_plainly() -> Iterator[None]:
    try:
        yield
    except (ConfigError, ServerError) as error:
        print(f"kaivox: {error}", file=sys.stderr)
        sys.exit(NEVER_BEGAN)
