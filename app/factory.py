"""Makes the program out of its parts."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Flask
from psycopg import errors
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import create_engine, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError, SQLAlchemyError

from app import cli, config, logs, pooler, providers, row_security, web
from app.audit import audit_hook  # noqa: F401  (it listens to all sessions)
from app.extensions import db, limiter
from app.lib.steady_connection import SteadyConnection, connect
from app.lib.time.clock import now
from app.lib.vault import Vault, derive_key
from app.models import Tenant  # noqa: F401  (all models must be known to the database)
from app.operations import zone_check
from app.servers import on_demand
from app.servers.handed_down import with_settings
from app.web.guards import bodies
from app.web.guards.short_way import Program
from app.web.sign_in import sign_in

# Seconds in which Redis must answer whoever enqueues; nothing waits longer for it.
REDIS_TIMEOUT = 0.5
# A page asks for thirty style sheets and scripts; so long none is asked for again.
STATIC_SECONDS = 300


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """The program, ready to serve or to run commands. Raises config.ConfigError."""
    settings = config.load(with_settings(os.environ) if environ is None else environ)
    logs.configure(settings.production)
    app = Program(__name__, template_folder="web/templates", static_folder="web/static")
    database_url, redis_url = _servers(settings)
    app.config.from_mapping(_flask_config(settings, database_url, redis_url))
    bodies.init_app(app)
    _extend(app, settings, database_url, redis_url)
    web.init_app(app)
    cli.init_app(app)
    return app


def _servers(settings: config.Settings) -> tuple[str, str]:
    if settings.database_url and settings.redis_url:
        return settings.database_url, settings.redis_url
    own = on_demand(settings.var_dir)
    return settings.database_url or own.database, settings.redis_url or own.redis


def _flask_config(
    settings: config.Settings, database_url: str, redis_url: str
) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            # An error may be logged: the values of its statement are customers' words.
            "hide_parameters": True,
            # As many as work at once stay; the one used last knows most plans.
            "pool_size": 16,
            "max_overflow": 14,
            "pool_use_lifo": True,
            "pool_timeout": 10,
            "connect_args": {
                # A transaction begins with what the database is told of it (row_security).
                "autocommit": settings.row_level_security != "off",
                # Our statements end before they would be compiled.
                **pooler.connect_args(database_url, settings.pooled, jit="off"),
            },
        },
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "SEND_FILE_MAX_AGE_DEFAULT": STATIC_SECONDS,
        # Its row says until when a session lasts: its cookie need not be signed anew each time.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": settings.production,
        "RATELIMIT_STORAGE_URI": redis_url,
        "RATELIMIT_STORAGE_OPTIONS": {
            "socket_timeout": REDIS_TIMEOUT,
            "socket_connect_timeout": REDIS_TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
        },
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        **sign_in.CONFIG,
    }


def _extend(app: Flask, settings: config.Settings, database_url: str, redis_url: str) -> None:
    app.extensions["settings"] = settings
    app.extensions["vault"] = Vault(_vault_keys(settings))
    app.extensions["redis"] = quick_redis(redis_url)
    app.extensions["direct_engine"] = create_engine(
        database_url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=16,
        max_overflow=16,
        pool_timeout=pooler.CONNECT_SECONDS,
        # The webhook's statement takes longer to plan than to run: once is enough.
        connect_args=pooler.connect_args(
            database_url, settings.pooled, plan_cache_mode="force_generic_plan"
        ),
    )
    graph = settings.meta_graph_url, settings.meta_graph_version
    providers.configure(settings.twilio_api_url, settings.mail_server, graph)
    db.init_app(app)
    _bind(app, settings)
    limiter.init_app(app)
    # It looks for limits of all routes, and there are none: each of ours asks for itself.
    app.before_request_funcs[None].remove(limiter._check_request_limit)


def _bind(app: Flask, settings: config.Settings) -> None:
    with app.app_context():
        event.listen(db.engine, "do_connect", _connect)
        event.listen(db.engine, "checkout", _check)
        pooler.watch(settings.pooled, app.extensions["direct_engine"], db.engine)
    found = app.extensions["row_security"] = row_security.RowSecurity(settings.row_level_security)
    if settings.row_level_security == "off":
        return
    row_security.bind_statements(app.extensions["direct_engine"], found)
    with app.app_context():
        row_security.bind_sessions(db.engine, found)


def _connect(_dialect: object, _record: object, args: Any, options: Any) -> SteadyConnection:
    return connect(*args, **options)


def _check(connection: SteadyConnection, _record: object, _proxy: object) -> None:
    """Of the pool: one that is gone is replaced, with all that were made before."""
    try:
        connection.check()
    except errors.Error as gone:
        raise InvalidatePoolError from gone


def check_row_security(app: Flask) -> None:
    """Say at start, and not at the first request, what row-level security lacks.

    Raises config.ConfigError where it is asked for and the database has none.
    """
    # A database that is away is looked at once it is back.
    with suppress(OperationalError):
        app.extensions["direct_engine"].connect().close()


def check_zones(app: Flask) -> None:
    """Log which time zones PostgreSQL reckons otherwise than we do."""
    with suppress(SQLAlchemyError):
        zone_check.tell(app.extensions["direct_engine"], now())


def quick_redis(redis_url: str) -> Redis:
    """A Redis that answers at once or not at all: by default it would be asked again and again."""
    return Redis.from_url(
        redis_url,
        socket_timeout=REDIS_TIMEOUT,
        socket_connect_timeout=REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def _vault_keys(settings: config.Settings) -> tuple[str, ...]:
    # The derived ones stay behind the given ones: what they sealed before can still be opened.
    secrets = (settings.secret_key, *settings.secret_key_fallbacks)
    return (*settings.encryption_keys, *map(derive_key, secrets))
