"""Twilio's REST API for Messaging Services, as far as the product asks for it.
https://www.twilio.com/docs/messaging/api/service-resource and …/channelsender-resource"""

from flask import Blueprint, Response, jsonify, request

from app.simulator.rcs.services import Service
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import require_token, slow_down
from app.simulator.simulator import current

rest_services = Blueprint("services", __name__, url_prefix="/v1/Services/<sid>")


@rest_services.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest_services.before_request
def sign_in() -> None:
    require_token(current(), request.authorization)
    slow_down(current())


@rest_services.get("")
def fetch_service(sid: str) -> Response:
    service = _service(sid)
    return jsonify(
        sid=service.sid,
        account_sid=service.account_sid,
        friendly_name=service.label,
        inbound_request_url=None,
        use_inbound_webhook_on_number=True,
        url=request.base_url,
    )


@rest_services.get("/ChannelSenders")
def list_senders(sid: str) -> Response:
    service = _service(sid)
    sender = {
        "sid": service.sender_sid,
        "account_sid": service.account_sid,
        "messaging_service_sid": service.sid,
        "sender": f"rcs:{service.sender}",
        "sender_type": "RCS",
        "country_code": "US",
        "url": f"{request.base_url}/{service.sender_sid}",
    }
    return jsonify(
        senders=[sender] if service.sender else [],
        meta={
            "key": "senders",
            "page": 0,
            "page_size": 50,
            "url": request.url,
            "first_page_url": request.url,
            "previous_page_url": None,
            "next_page_url": None,
        },
    )


def _service(sid: str) -> Service:
    given = request.authorization
    service = current().state.services.get(sid)
    if service is None or not given or service.account_sid != given.username:
        raise TwilioError(20404, status=404)
    return service
