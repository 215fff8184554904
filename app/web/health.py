"""For load balancers: is the process alive, and can it work?"""

from flask import Blueprint, Response, jsonify, make_response
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import csrf, direct_engine, doorbell
from app.web import access

blueprint = Blueprint("health", __name__, url_prefix="/health")
access.allow("health", access.PUBLIC)
csrf.exempt(blueprint)


@blueprint.get("/live")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/ready")
def ready() -> Response:
    """The database answers. Redis away is told, and is no reason to turn messages away."""
    database, redis = _database(), _redis()
    state = {"status": "ready" if database else "not ready", "database": database, "redis": redis}
    return make_response(jsonify(state), 200 if database else 503)


def _database() -> bool:
    try:
        with direct_engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(doorbell().ping())
    except RedisError:
        return False
