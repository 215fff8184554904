"""`python -m app.streams`: serve the streams on LIVE_PORT until SIGTERM."""

import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from app import config, logs
from app.streams.hub import Hub, Limits
from app.streams.server import make

BACKLOG = 2048
# For a whole request to arrive.
REQUEST_SECONDS = 20.0
# What the process has open beside its streams.
OTHER_FILES = 100


def main() -> None:
    settings = config.load(_environment())
    logs.configure(settings.production)
    web.run_app(
        make(settings, settings.redis_url or "", Hub(Limits(of_all=_most()))),
        host=settings.bind,
        port=settings.live_port,
        backlog=BACKLOG,
        keepalive_timeout=REQUEST_SECONDS,
        handler_cancellation=True,
        shutdown_timeout=1.0,
        access_log=None,
        print=None,
    )


def _environment() -> Mapping[str, str]:
    """What is given; without a REDIS_URL, that of whoever runs the product on the same folder.

    Raises ConfigError.
    """
    if os.environ.get("REDIS_URL", "").strip():
        return os.environ
    # Here, as they bring the database's client.
    from app.servers.handed_down import with_settings
    from app.servers.running import current

    running = current(Path(os.environ.get("VAR_DIR", "").strip() or "var"))
    if running is None:
        raise config.ConfigError("REDIS_URL is missing, and nobody runs the product on VAR_DIR")
    return {**with_settings(os.environ), "REDIS_URL": running.redis}


def _most() -> int:
    """As many as the files that the process may open allow, which is mostly 1,024 until it asks."""
    wanted, (_, hard) = Limits.of_all + OTHER_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - OTHER_FILES


if __name__ == "__main__":
    try:
        main()
    except config.ConfigError as error:
        sys.exit(f"kaivox: {error}")
    except OSError as error:
        sys.exit(f"kaivox: the streams cannot be served: {error.strerror or error}")
