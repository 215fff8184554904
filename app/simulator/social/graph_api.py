"""The Graph API, as far as the product asks for it: /graph/v26.0/…"""

import time
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from app.simulator.rest.trouble import reset_connection
from app.simulator.simulator import Simulator, current
from app.simulator.social import graph_messages
from app.simulator.social.graph_refusals import (
    HICCUP,
    NO_PROFILE,
    PERMISSION,
    RATE,
    TOKEN_DEAD,
    GraphRefusal,
    refused,
)
from app.simulator.social.social_records import Page

graph = Blueprint("graph", __name__, url_prefix="/graph/<version>")
# Of a person who signs in: it opens all pages.
USER_TOKEN = "simulator-user"  # noqa: S105 (a stand-in has no secrets)
LASTS = 60 * 24 * 3600


@graph.url_value_preprocessor
def take_version(endpoint: str | None, values: dict[str, str] | None) -> None:
    (values or {}).pop("version", "")


@graph.errorhandler(GraphRefusal)
def refuse(error: GraphRefusal) -> Response:
    return refused(error)


@graph.before_request
def sign_in() -> None:
    sim = current()
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = token or request.args.get("access_token", "")
    pages = sim.state.social.pages.values()
    g.page = next((each for each in pages if each.token == token), None)
    if (g.page is None and token != USER_TOKEN) or sim.dice.strikes(sim.faults.meta_no_access):
        raise TOKEN_DEAD


@graph.post("/<node>/messages")
def send(node: str) -> Response:
    sim, page = current(), _page(node)
    _slow_down(sim)
    said = graph_messages.send(sim, page, request.get_json(silent=True) or {})
    return _broken(sim, jsonify(recipient_id=said.person, message_id=said.mid))


@graph.get("/<node>/conversations")
def conversations(node: str) -> Response:
    sim, page = current(), _page(node)
    _slow_down(sim)
    person, platform = request.args.get("user_id", ""), request.args.get("platform", "messenger")
    found = graph_messages.listed(sim, page, person, platform)
    threads = [{"id": f"t_{person}", "messages": {"data": found}}] if found else []
    return jsonify(data=threads)


@graph.get("/me/accounts")
def accounts() -> Response:
    pages = current().state.social.pages.values()
    return jsonify(data=[_told(each) for each in pages if g.page in (None, each)])


@graph.route("/<node>/subscribed_apps", methods=["GET", "POST", "DELETE"])
def subscribed_apps(node: str) -> Response:
    page = _page(node)
    if request.method == "GET":
        apps = [{"id": graph_messages.APP, "name": "KaiVox", "subscribed_fields": page.subscribed}]
        return jsonify(data=apps if page.subscribed else [])
    told = request.get_json(silent=True) or request.form
    fields = str(told.get("subscribed_fields") or "") if request.method == "POST" else ""
    _change(page, subscribed=[each for each in fields.split(",") if each])
    return jsonify(success=True)


@graph.route("/<node>/message_templates", methods=["GET", "POST"])
def message_templates(node: str) -> Response:
    page = _page(node)
    if request.method == "GET":
        name = request.args.get("name")
        found = [each for each in page.templates if name in (None, each["name"])]
        return jsonify(data=found)
    told = request.get_json(silent=True) or {}
    bodies = [each.get("text", "") for each in told.get("components", []) if "text" in each]
    template = {"name": told.get("name"), "language": told.get("language"), "status": "APPROVED"}
    others = [each for each in page.templates if each["name"] != template["name"]]
    _change(page, templates=[*others, {**template, "body": "\n".join(bodies)}])
    return jsonify(id=f"{page.id}-{told.get('name')}", status="APPROVED")


@graph.get("/debug_token")
def debug_token() -> Response:
    ends = 0 if g.page else int(time.time()) + LASTS
    return jsonify(data={"is_valid": True, "expires_at": ends})


@graph.get("/<node>")
def node(node: str) -> Response:
    """A page, or a customer's profile."""
    social = current().state.social
    if page := social.page_of(node):
        return jsonify(id=node, name=page.name)
    person = social.people.get(node)
    if person is None or not person.name:
        raise NO_PROFILE
    first, _, last = person.name.partition(" ")
    names = {"first_name": first, "last_name": last} if person.kind == "messenger" else {}
    return jsonify(id=node, **names, name=person.name)


def _page(node: str) -> Page:
    page: Page | None = current().state.social.page_of(node if node != "me" else _own())
    if page is None or g.page not in (None, page):
        raise PERMISSION
    return page


def _own() -> str:
    return g.page.id if g.page else ""


def _told(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": page.id,
        "name": page.name,
        "access_token": page.token,
        "tasks": ["MESSAGING", "MODERATE"],
    }
    if page.instagram_id:
        linked = {"id": page.instagram_id, "username": page.instagram_name}
        told["instagram_business_account"] = linked
    return told


def _change(page: Page, **fields: Any) -> None:
    current().state.record("social_page", {**asdict(page), **fields})


def _slow_down(sim: Simulator) -> None:
    """What is refused here was not processed; of a hiccup nobody can know that."""
    low, high = sim.faults.latency_ms
    if high:
        time.sleep(sim.dice.between(low, high) / 1000)
    if sim.dice.strikes(sim.faults.rate_429):
        raise RATE
    if sim.dice.strikes(sim.faults.rate_500_before):
        raise HICCUP


def _broken(sim: Simulator, response: Response) -> Response:
    """After the message was taken: let the caller not learn of it."""
    faults, dice = sim.faults, sim.dice
    if dice.strikes(faults.rate_500_after):
        return refused(HICCUP)
    if dice.strikes(faults.reset_after):
        return reset_connection()
    if dice.strikes(faults.garbage_answer):
        return Response(response.get_data()[:20] + b"<html>502 Bad Gat", 200, mimetype="text/html")
    return response
