"""The control API of Meta's part: what a test or the product's start sets and reads."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, send_file
from werkzeug.exceptions import HTTPException

from app.simulator.rest.draft import is_web_address
from app.simulator.simulator import current
from app.simulator.social import social_people
from app.simulator.social.social_records import Json, Person

social_control = Blueprint("social_control", __name__, url_prefix="/simulator/social")


@social_control.errorhandler(ValueError)
def explain(error: ValueError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


@social_control.errorhandler(HTTPException)
def refuse(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


@social_control.put("/webhook")
def put_webhook() -> Response:
    """{url}: where the app's events are posted."""
    url = str(_body().get("url") or "")
    if not is_web_address(url):
        raise ValueError(f"url must be a web address, not {url!r}")
    current().state.record("social_url", {"url": url})
    return jsonify(url=url)


@social_control.put("/pages/<page_id>")
def put_page(page_id: str) -> Response:
    """{name, token, instagram_id, instagram_name}; what is not named stays."""
    body, social = _body(), current().state.social
    known = social.pages.get(page_id)
    before = asdict(known) if known else {"name": page_id, "token": f"token-{page_id}"}
    names = ("name", "token", "instagram_id", "instagram_name")
    given = {name: str(body[name] or "") for name in names if name in body}
    current().state.record("social_page", {**before, **given, "id": page_id})
    return jsonify(asdict(social.pages[page_id]))


@social_control.put("/people/<person_id>")
def put_person(person_id: str) -> Response:
    """{kind, account, name, wrote}: somebody who can write to that page or Instagram account, and
    when they last did (Unix seconds)."""
    body, social = _body(), current().state.social
    kind, account = body.get("kind", "messenger"), str(body.get("account") or "")
    if kind not in ("messenger", "instagram") or social.page_of(account) is None:
        raise ValueError("kind is messenger or instagram, and account one that is known")
    person = {"id": person_id, "kind": kind, "account": account}
    more = {"name": str(body.get("name") or ""), "wrote": float(body.get("wrote") or 0)}
    current().state.record("social_person", person | more)
    return jsonify(asdict(social.people[person_id]))


@social_control.post("/people/<person_id>/send")
def send(person_id: str) -> tuple[Response, int]:
    """{text, answers}: the person writes to their business."""
    body = _body()
    text, answers = str(body.get("text") or ""), str(body.get("answers") or "")
    said = social_people.write(current(), _person(person_id), text, answers=answers)
    return jsonify(asdict(said)), 201


@social_control.post("/people/<person_id>/read")
def read(person_id: str) -> Response:
    social_people.read(current(), _person(person_id))
    return jsonify(read=True)


@social_control.get("/messages")
def messages() -> Response:
    """Everything, oldest first; `person` narrows it."""
    person = request.args.get("person")
    with current().state.lock:
        said = list(current().state.social.said.values())
    return jsonify(messages=[asdict(each) for each in said if person in (None, each.person)])


@social_control.get("/files/<sid>")
def file(sid: str) -> Response:
    """A file of somebody's message, to whoever has its address."""
    path = (current().state.media_directory / sid).absolute()
    if not sid.isalnum() or not path.exists():
        abort(404)
    return send_file(path, mimetype="application/octet-stream")


def _person(person_id: str) -> Person:
    person = current().state.social.people.get(person_id)
    if person is None:
        raise ValueError(f"{person_id} is nobody who is known")
    return person


def _body() -> Json:
    body: Any = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
