"""For load balancers: is the process alive, and can it work?"""

from collections.abc import Iterable
from time import perf_counter
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Blueprint, Response, jsonify, make_response
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import heartbeat, live
from app.extensions import direct_engine, redis_client
from app.lib.time.clock import now
from app.metrics.requests_served import Kind, served
from app.operations import zone_check
from app.web.guards import access
from app.web.guards.csrf import csrf

log = structlog.get_logger()

ALIVE = "/health/live"
ALIVE_BODY = b'{"status":"alive"}\n'
ALIVE_HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(ALIVE_BODY))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]

blueprint = Blueprint("health", __name__, url_prefix="/health")
access.allow("health", access.PUBLIC)
csrf.exempt(blueprint)


def answering(app: WSGIApplication) -> WSGIApplication:
    """The program with GET /health/live, which stands before sign-ins, limits and headers: nothing
    of the request is looked at, and nothing but a process that serves is needed."""

    def served_first(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != ALIVE or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return app(environ, start_response)
        began = perf_counter()
        start_response("200 OK", list(ALIVE_HEADERS))
        served(Kind.PAGE, ALIVE, 200, perf_counter() - began)
        return [ALIVE_BODY] if environ["REQUEST_METHOD"] == "GET" else []

    return served_first


@blueprint.get("/ready")
def ready() -> Response:
    """The database answers. Redis or the streams away, a timetable that is not kept (logged, too),
    or zones that PostgreSQL reckons otherwise than we do are told, and no reason to turn messages
    away."""
    database, redis, late = _database(), _redis(), _late()
    if late:
        log.error("timetable_late", jobs=late)
    state = {
        "status": "ready" if database else "not ready",
        "database": database,
        "redis": redis,
        "streams": redis and _streams(),
        "late": late,
        "zones_differ": _zones() if database else [],
    }
    return make_response(jsonify(state), 200 if database else 503)


def _database() -> bool:
    try:
        with direct_engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _zones() -> list[str]:
    try:
        return zone_check.lately(direct_engine(), now())
    except SQLAlchemyError:
        return []


def _redis() -> bool:
    try:
        return bool(redis_client().ping())
    except RedisError:
        return False


def _streams() -> bool:
    try:
        return live.is_heard()
    except RedisError:
        return False


def _late() -> list[str]:
    try:
        return heartbeat.late(now())
    except RedisError:
        return []
