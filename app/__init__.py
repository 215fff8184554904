"""KaiVox Messaging: the inbox of appointment businesses (docs/architecture.md: the two flows)."""

import zoneinfo
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# The zones of the pinned package tzdata, and not those that the operating system had last.
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()


# Where processes are forked, the program that they share (wsgi.make_ahead).
made_ahead: "Flask | None" = None


def create_app(environ: Mapping[str, str] | None = None) -> "Flask":
    """The program, ready to serve or to run commands. Raises config.ConfigError."""
    if environ is None and made_ahead:
        return made_ahead
    # Here and not above: the supervisor, the servers and the simulator live in this package too,
    # and do without the product.
    from app import factory

    return factory.create_app(environ)
