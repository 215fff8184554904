"""Twilio's REST API for senders on WhatsApp and RCS.
https://www.twilio.com/docs/whatsapp/api/senders"""

import time

from flask import Blueprint, Response, jsonify, request

from app.simulator.rcs import services
from app.simulator.rcs.services import Service
from app.simulator.records import Number
from app.simulator.rest.draft import is_web_address
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import require_token, slow_down
from app.simulator.simulator import current

rest_senders = Blueprint("senders", __name__, url_prefix="/v2/Channels/Senders")

RCS_FIELDS = ("callback_url", "fallback_url", "status_callback_url")
FIELDS = {"callback_url": "whatsapp_url", "fallback_url": "whatsapp_fallback_url"}
OFFLINE = {
    "code": "63110",
    "message": "The WhatsApp Business Account of this number is not linked any more",
    "more_info": "https://www.twilio.com/docs/errors/63110",
}


@rest_senders.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest_senders.before_request
def sign_in() -> None:
    require_token(current(), request.authorization)
    slow_down(current())


@rest_senders.get("")
def list_senders() -> Response:
    """The account's numbers that have a webhook for WhatsApp, or its RCS senders, on one page."""
    wanted = request.args.get("Channel")
    own = [_sender(number) for number in _own() if wanted == "whatsapp"]
    own += [_rcs_sender(service) for service in _services() if wanted == "rcs"]
    return jsonify(
        senders=own,
        meta={
            "key": "senders",
            "page": 0,
            "page_size": max(len(own), 50),
            "url": request.url,
            "first_page_url": request.url,
            "previous_page_url": None,
            "next_page_url": None,
        },
    )


@rest_senders.post("/<sid>")
def update_sender(sid: str) -> tuple[Response, int]:
    """Its webhook alone, as JSON; what is not named stays."""
    webhook = (request.get_json(silent=True) or {}).get("webhook") or {}
    service = next((each for each in _services() if each.sender_sid == sid), None)
    if service:
        given = {name: webhook[name] or "" for name in RCS_FIELDS if name in webhook}
        return jsonify(_rcs_sender(services.put(current(), service.sid, **given))), 202
    number = next((each for each in _own() if _sid(each) == sid), None)
    if number is None:
        raise TwilioError(20404, status=404)
    fields = {ours: webhook[theirs] or "" for theirs, ours in FIELDS.items() if theirs in webhook}
    for name, url in fields.items():
        if url and not is_web_address(url):
            raise TwilioError(21502, name)
    return jsonify(_sender(current().put_number(number.number, time.time(), **fields))), 202


def _own() -> list[Number]:
    account = request.authorization.username if request.authorization else None
    with current().state.lock:
        numbers = list(current().state.numbers.values())
    return [n for n in numbers if n.account_sid == account and n.whatsapp_url and not n.gone]


def _services() -> list[Service]:
    account = request.authorization.username if request.authorization else None
    with current().state.lock:
        every = list(current().state.services.values())
    return [each for each in every if each.account_sid == account and each.sender]


def _rcs_sender(service: Service) -> dict[str, object]:
    urls = {name: getattr(service, name) for name in RCS_FIELDS}
    methods = {name.replace("_url", "_method"): service.method for name in RCS_FIELDS}
    return {
        "sid": service.sender_sid,
        "sender_id": f"rcs:{service.sender}",
        "status": services.status(current().state, service),
        "configuration": {},
        "profile": {"name": service.label},
        "webhook": {**urls, **methods},
        "properties": {},
        "offline_reasons": [],
    }


def _sid(number: Number) -> str:
    return number.sid.replace("PN", "XE", 1)


def _sender(number: Number) -> dict[str, object]:
    online = number.whatsapp_status == "ONLINE"
    return {
        "sid": _sid(number),
        "sender_id": f"whatsapp:{number.number}",
        "status": number.whatsapp_status,
        "configuration": {},
        "profile": {"name": number.label},
        "webhook": {
            "callback_url": number.whatsapp_url,
            "callback_method": "POST",
            "fallback_url": number.whatsapp_fallback_url,
            "fallback_method": "POST",
        },
        "properties": {"quality_rating": number.whatsapp_quality, "messaging_limit": "1K"},
        "offline_reasons": [] if online else [OFFLINE],
    }
