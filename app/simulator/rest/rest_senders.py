"""Twilio's REST API for senders on WhatsApp. https://www.twilio.com/docs/whatsapp/api/senders"""

from flask import Blueprint, Response, jsonify, request

from app.simulator.records import Number
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import slow_down
from app.simulator.simulator import current

rest_senders = Blueprint("senders", __name__, url_prefix="/v2/Channels/Senders")


@rest_senders.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest_senders.get("")
def list_senders() -> Response:
    """The account's numbers that have a webhook for WhatsApp, on one page."""
    given = request.authorization
    if given is None or current().settings.tokens.get(given.username or "") != given.password:
        raise TwilioError(20003, status=401)
    slow_down(current())
    with current().state.lock:
        numbers = list(current().state.numbers.values())
    own = [n for n in numbers if n.account_sid == given.username and n.whatsapp_url]
    wanted = request.args.get("Channel") == "whatsapp"
    return jsonify(
        senders=[_sender(number) for number in own if wanted],
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


def _sender(number: Number) -> dict[str, object]:
    return {
        "sid": number.sid.replace("PN", "XE", 1),
        "sender_id": f"whatsapp:{number.number}",
        "status": "ONLINE",
        "configuration": {},
        "profile": {"name": number.label},
        "webhook": {"callback_url": number.whatsapp_url, "callback_method": "POST"},
        "properties": {},
        "offline_reasons": [],
    }
