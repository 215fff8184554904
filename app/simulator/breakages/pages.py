"""The page on which things are broken and put right, and the same for programs."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.breakages import beside, happenings
from app.simulator.breakages.breakage import holds
from app.simulator.breakages.breakages import OF_RECEIVER, OF_TEMPLATE, broken
from app.simulator.breakages.change import change
from app.simulator.breakages.of_all import OF_ALL
from app.simulator.breakages.of_number import OF_NUMBER
from app.simulator.simulator import current
from app.simulator.telephones import telephones

break_pages = Blueprint("break", __name__)


@break_pages.app_context_processor
def banner() -> dict[str, Any]:
    there = (beside.BESIDE[key].label for key in beside.broken())
    return {"broken": list(dict.fromkeys([*broken(current()), *there]))}


@break_pages.get("/break")
def show() -> str:
    state = current().state
    return render_template(
        "break.html",
        faults=current().faults,
        numbers=telephones.numbers(state),
        contents=list(state.contents.values()),
        of_all=OF_ALL,
        of_number=OF_NUMBER,
        of_template=OF_TEMPLATE,
        receivers=state.receivers.all(),
        of_receiver=OF_RECEIVER,
        beside=beside.there(),
        broken_beside=beside.broken(),
        happenings=happenings.OF_NUMBER,
        mailboxes=sorted(state.letterboxes.read),
        of_mailbox=happenings.OF_MAILBOX,
        holds=holds,
    )


@break_pages.post("/break")
def set_one() -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        change(current(), form.get("key", ""), form.get("of", ""), form.get("on") == "1")
    except (ValueError, OSError) as error:
        return str(error), 400
    return redirect(url_for(".show") + f"#{form['key']}", 303)


@break_pages.post("/break/happen")
def let_happen() -> AnyResponse | tuple[str, int]:
    key, of, sim = request.form.get("key", ""), request.form.get("of", ""), current()
    happens = happenings.OF_NUMBER.get(key) if of in sim.state.numbers else None
    if of in sim.state.letterboxes.read:
        happens = happenings.OF_MAILBOX.get(key)
    if happens is None:
        return "That does not happen, or not to that number or mailbox.", 400
    happens.do(sim, of, request.host_url.rstrip("/"))
    return redirect(url_for(".show") + f"#{key}", 303)


@break_pages.get("/simulator/breakages")
def get_breakages() -> Response:
    """What is broken: {key, of}."""
    sim = current()
    numbers = {each.number: each for each in telephones.numbers(sim.state)}
    tables = (
        (OF_ALL, {"": sim.faults}),
        (OF_NUMBER, numbers),
        (OF_TEMPLATE, dict(sim.state.contents)),
        (OF_RECEIVER, {each.name: each for each in sim.state.receivers.all()}),
    )
    found = [
        {"key": key, "of": of}
        for table, things in tables
        for of, thing in things.items()
        for key, each in table.items()
        if holds(each, thing)
    ]
    there = [{"key": key, "of": ""} for key in beside.broken()]
    return jsonify(breakages=found + there)


@break_pages.put("/simulator/breakages/<key>")
def break_one(key: str) -> Response | tuple[Response, int]:
    """{of}: the number, the template's SID or the receiver's name; nothing for what all share."""
    return _change(key, on=True)


@break_pages.delete("/simulator/breakages/<key>")
def put_right(key: str) -> Response | tuple[Response, int]:
    return _change(key, on=False)


def _change(key: str, on: bool) -> Response | tuple[Response, int]:
    body = request.get_json(silent=True) or {}
    try:
        change(current(), key, str(body.get("of") or "") if isinstance(body, dict) else "", on)
    except (ValueError, OSError) as error:
        return jsonify(error=str(error)), 400
    return get_breakages()
