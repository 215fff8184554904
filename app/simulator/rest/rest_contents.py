"""Twilio's REST API for content templates, and for what WhatsApp says of them.
https://www.twilio.com/docs/content/content-types-overview#fetch-an-approval-status-request"""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from app.simulator.rest import contents
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import require_token, slow_down
from app.simulator.simulator import current

rest_contents = Blueprint("contents", __name__, url_prefix="/v1/Content")


@rest_contents.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest_contents.post("")
def create() -> tuple[Response, int]:
    """https://www.twilio.com/docs/content/content-api-resources#create-templates"""
    require_token(current(), request.authorization)
    slow_down(current())
    definition = request.get_json(silent=True)
    content = contents.made(definition if isinstance(definition, dict) else {})
    current().state.record("content", asdict(content))
    return jsonify(sid=content.sid, friendly_name=content.name, url=request.base_url), 201


@rest_contents.get("/<sid>/ApprovalRequests")
def fetch_approval(sid: str) -> Response:
    """Templates are every account's here."""
    require_token(current(), request.authorization)
    slow_down(current())
    content = current().state.contents.get(sid)
    if content is None:
        raise TwilioError(20404, status=404)
    given = request.authorization
    return jsonify(
        sid=sid,
        account_sid=given.username if given else "",
        url=request.url,
        whatsapp={
            "type": "whatsapp",
            "name": content.name,
            "category": "UTILITY",
            "status": content.approval,
            "rejection_reason": content.rejection_reason,
            "allow_category_change": True,
        },
    )
