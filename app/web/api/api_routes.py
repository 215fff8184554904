"""The addresses of each resource: a list, one of it, a new one, and a change of one."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, make_response, request
from flask.json import jsonify
from marshmallow import ValidationError
from sqlalchemy.orm import undefer

from app.extensions import db
from app.lib.time.clock import now
from app.models import ApiKey, Media
from app.web.api import api_door, changes, listing, version
from app.web.api.fields import id_of
from app.web.api.once import once
from app.web.api.resource import Change, New, Resource, read, told
from app.web.api.resources import RESOURCES
from app.web.guards import access, problem
from app.web.guards.problem import Problem
from app.web.media_files import file

PREFIX = "/api/v1"
NO_FILE = "There is no such attachment, or its file is not here (yet)."
Work = Callable[..., Response]

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
access.allow("api", access.PUBLIC)


@blueprint.errorhandler(Problem)
def on_problem(error: Problem) -> Response:
    db.session.rollback()
    return problem.told(error)


def _list(resource: Resource, _key: ApiKey) -> Response:
    since = resource.tells_changes and "updated_since" in request.args
    return jsonify(changes.page(resource, now()) if since else listing.page(resource))


def _one(resource: Resource, _key: ApiKey, id_: str) -> Response:
    answer = _with_tag(*told(resource, resource.find(id_)))
    answer.make_conditional(request)
    return answer


def _make(new: New, resource: Resource, key: ApiKey) -> Response:
    said = read(new.schema)
    id_, fresh = once(key, now(), lambda name: int(new.make(said, name).id))
    answer = _with_tag(*told(resource, resource.find(str(id_))))
    answer.status_code = 201 if fresh else 200
    answer.headers["Location"] = f"{PREFIX}/{resource.name}/{id_}"
    return answer


def _change(change: Change, resource: Resource, _key: ApiKey, id_: str) -> Response:
    change.first()
    row = resource.find(id_, locked=True)
    version.check(*told(resource, row))
    change.apply(row, read(change.schema))
    return _with_tag(*told(resource, resource.find(id_)))


def _with_tag(body: dict[str, object]) -> Response:
    answer = make_response(jsonify(body))
    answer.set_etag(version.tag(body))
    return answer


def _behind_the_door(resource: Resource, scope: str, work: Work) -> Work:
    def view(**path: str) -> Response:
        return work(resource, api_door.enter(scope), **path)

    return view


def _add(resource: Resource) -> None:
    add = partial(_route, resource)
    add("list", "", "GET", resource.reads, _list)
    add("one", "/<id_>", "GET", resource.reads, _one)
    if resource.new:
        add("make", "", "POST", resource.writes, partial(_make, resource.new))
    if resource.change:
        add("change", "/<id_>", "PATCH", resource.writes, partial(_change, resource.change))


def _route(resource: Resource, does: str, path: str, method: str, scope: str, work: Work) -> None:
    blueprint.add_url_rule(
        f"/{resource.name}{path}",
        f"{resource.name}_{does}",
        _behind_the_door(resource, scope, work),
        methods=[method],
    )


for each in RESOURCES:
    _add(each)


@blueprint.get("/attachments/<id_>", endpoint="attachments_one")
def attachment(id_: str) -> Response:
    """The file that came with a message, or went with it."""
    api_door.enter("messages:read")
    try:
        found = db.session.get(Media, id_of(id_, Media.id), options=[undefer(Media.content)])
    except ValidationError:
        found = None
    if found is None or found.content is None:
        raise Problem(404, NO_FILE)
    return file(found)
