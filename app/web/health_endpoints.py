"""For load balancers: can the process work? Whether it is alive: liveness.py."""

import structlog
from flask import Blueprint, Response, jsonify, make_response
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import heartbeat, live
from app.extensions import direct_engine, redis_client
from app.lib.time.clock import now
from app.operations import zone_check
from app.web.guards import access
from app.web.guards.csrf import csrf

log = structlog.get_logger()

blueprint = Blueprint("health", __name__, url_prefix="/health")
access.allow("health", access.PUBLIC)
csrf.exempt(blueprint)


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
