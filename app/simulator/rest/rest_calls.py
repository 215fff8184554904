"""Twilio's REST API for calls."""

from flask import Blueprint, Response, g, jsonify, request

from app.simulator.records import Call
from app.simulator.rest import resources
from app.simulator.rest.refusals import TwilioError
from app.simulator.rest.rest_messages import paging
from app.simulator.rest.trouble import slow_down
from app.simulator.simulator import current

rest_calls = Blueprint("calls", __name__)


@rest_calls.get("/Calls/<sid>.json")
def fetch_call(sid: str) -> Response:
    slow_down(current())
    call = _call(sid)
    if call is None:
        raise TwilioError(20404, status=404)
    return jsonify(resources.call(call))


@rest_calls.get("/Calls.json")
def list_children() -> Response:
    """The calls that a call led to, which is all that is asked for here."""
    slow_down(current())
    parent = _call(request.args.get("ParentCallSid", ""))
    found = [resources.child(parent)] if parent and parent.child else []
    return jsonify(**paging(len(found)), calls=found)


def _call(sid: str) -> Call | None:
    call = current().state.calls.get(sid)
    return call if call and call.account_sid == g.account_sid else None
