"""Twilio's REST API for a business's numbers."""

import time

from flask import Blueprint, Response, g, jsonify, request

from app.simulator.addresses import is_number
from app.simulator.records import Number
from app.simulator.rest import resources
from app.simulator.rest.draft import is_web_address
from app.simulator.rest.refusals import TwilioError
from app.simulator.rest.rest_messages import paging
from app.simulator.simulator import current

rest_numbers = Blueprint("numbers", __name__)

# https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
FIELDS = {
    "FriendlyName": "label",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "fallback_url",
    "VoiceUrl": "voice_url",
    "StatusCallback": "status_callback",
}


@rest_numbers.post("/IncomingPhoneNumbers.json")
def create_number() -> Response:
    number = request.form.get("PhoneNumber", "").strip()
    if not is_number(number):
        raise TwilioError(21421)
    response = _put(number)
    response.status_code = 201
    return response


@rest_numbers.get("/IncomingPhoneNumbers.json")
def list_numbers() -> Response:
    wanted = request.args.get("PhoneNumber", "")
    found = [n for n in _numbers() if wanted in n.number]
    shown = [resources.number(each) for each in found]
    return jsonify(**paging(len(found)), incoming_phone_numbers=shown)


@rest_numbers.get("/IncomingPhoneNumbers/<sid>.json")
def fetch_number(sid: str) -> Response:
    return jsonify(resources.number(_number(sid)))


@rest_numbers.post("/IncomingPhoneNumbers/<sid>.json")
def update_number(sid: str) -> Response:
    return _put(_number(sid).number)


def _put(number: str) -> Response:
    fields = {
        ours: request.form[theirs] for theirs, ours in FIELDS.items() if theirs in request.form
    }
    for name in fields.keys() - {"label"}:
        if fields[name] and not is_web_address(fields[name]):
            raise TwilioError(21502, name)
    kept = current().put_number(number, time.time(), account_sid=g.account_sid, **fields)
    return jsonify(resources.number(kept))


def _numbers() -> list[Number]:
    with current().state.lock:
        numbers = list(current().state.numbers.values())
    own = [n for n in numbers if n.account_sid == g.account_sid and not n.gone]
    return sorted(own, key=lambda number: number.created, reverse=True)


def _number(sid: str) -> Number:
    for number in _numbers():
        if number.sid == sid:
            return number
    raise TwilioError(20404, status=404)
