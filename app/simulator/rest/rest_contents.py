"""Twilio's REST API for what WhatsApp says of content templates.
https://www.twilio.com/docs/content/content-types-overview#fetch-an-approval-status-request"""

from flask import Blueprint, Response, jsonify, request

from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import require_token, slow_down
from app.simulator.simulator import current

rest_contents = Blueprint("contents", __name__, url_prefix="/v1/Content/<sid>")


@rest_contents.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest_contents.get("/ApprovalRequests")
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
