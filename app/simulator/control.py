"""The control API: what a test or the product's start sets and reads. JSON, for this machine."""

import base64
import time
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from app.simulator import addresses
from app.simulator.faults import NORMAL, Faults
from app.simulator.hooks.receivers import MANNERS
from app.simulator.rcs import services, taps
from app.simulator.rcs.services import Service
from app.simulator.records import Json, Message, Number
from app.simulator.rest import contents, listing, resources
from app.simulator.rest.draft import SERVICE_SID, is_web_address
from app.simulator.simulator import current
from app.simulator.telephones import inbound, telephones, uploads, voice

control = Blueprint("control", __name__, url_prefix="/simulator")

URLS = ("sms_url", "whatsapp_url", "fallback_url", "voice_url", "status_callback")


@control.errorhandler(ValueError)
def explain(error: ValueError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


@control.errorhandler(HTTPException)
def refuse(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


@control.get("/faults")
def get_faults() -> Response:
    return jsonify(current().faults.json())


@control.put("/faults")
def put_faults() -> Response:
    """The whole set: what is not named is normal."""
    current().set_faults(Faults.read(_body()))
    return get_faults()


@control.delete("/faults")
def delete_faults() -> Response:
    current().set_faults(NORMAL)
    return get_faults()


@control.get("/numbers")
def get_numbers() -> Response:
    return jsonify(numbers=[_number(each) for each in telephones.numbers(current().state)])


@control.put("/numbers/<number>")
def put_number(number: str) -> Response:
    """{label, account_sid} and the URLS; what is not named stays."""
    body, sim = _body(), current()
    given = {
        name: str(body[name] or "") for name in (*URLS, "label", "account_sid") if name in body
    }
    for name in URLS:
        if given.get(name) and not is_web_address(given[name]):
            raise ValueError(f"{name} must be a web address, not {given[name]!r}")
    if given.get("account_sid", sim.settings.account_sid) not in sim.settings.tokens:
        raise ValueError("account_sid is no account that the simulator knows")
    return jsonify(_number(sim.put_number(_address(number), time.time(), **given)))


@control.get("/contents")
def get_contents() -> Response:
    return jsonify(contents=[asdict(each) for each in list(current().state.contents.values())])


@control.put("/contents/<sid>")
def put_content(sid: str) -> Response:
    """{body, name}: a template that WhatsApp has approved."""
    body = _body()
    content = contents.read(sid, str(body.get("body") or ""), str(body.get("name") or ""))
    current().state.record("content", asdict(content))
    return jsonify(asdict(content))


@control.get("/phones")
def get_phones() -> Response:
    return jsonify(phones=[asdict(phone) for phone in list(current().state.phones.values())])


@control.put("/phones/<number>")
def put_phone(number: str) -> Response:
    """{name, rcs, hidden}: whose it is, whether it has RCS, and whether WhatsApp hides its number;
    of the last two what is not named stays."""
    body = _body()
    data: Json = {"number": _address(number), "name": str(body.get("name") or "")}
    data |= {each: bool(body[each]) for each in ("rcs", "hidden") if each in body}
    current().state.record("phone", data)
    return jsonify(data)


@control.put("/services/<sid>")
def put_service(sid: str) -> Response:
    """A Messaging Service: the fields of rcs/services.py; what is not named stays."""
    body, sim = _body(), current()
    if not SERVICE_SID.fullmatch(sid):
        raise ValueError(f"{sid!r} is no service: MG and 32 hexadecimal digits")
    names = {each.name for each in dataclass_fields(Service)} - {"sid"}
    given = {name: str(body[name] or "") for name in names if name in body}
    return jsonify(asdict(services.put(sim, sid, **given)))


@control.post("/phones/<number>/tap")
def tap(number: str) -> tuple[Response, int]:
    """{sid, label}: a button under that message is tapped."""
    body, base_url = _body(), request.host_url.rstrip("/")
    sid, label = str(body.get("sid") or ""), str(body.get("label") or "")
    return jsonify(_shown(taps.tap(current(), _address(number), sid, label, base_url))), 201


@control.post("/phones/<number>/send")
def send(number: str) -> tuple[Response, int]:
    """{to, channel, body, media: [{data: base64, name}]}: the telephone writes to a business."""
    body = _body()
    channel, business = addresses.split(str(body.get("to") or ""))
    message = inbound.receive(
        current(),
        phone=_address(number),
        business=_address(business),
        channel=_channel(body.get("channel"), channel),
        body=str(body.get("body") or ""),
        uploads=[_upload(each) for each in body.get("media") or []],
        base_url=request.host_url.rstrip("/"),
    )
    return jsonify(_shown(message)), 201


@control.get("/phones/<number>/messages")
def phone_messages(number: str) -> Response:
    """All that this telephone sent and got, oldest first."""
    with current().state.lock:
        found = list(current().state.by_phone.get(_address(number), []))
    return jsonify(messages=[_shown(message) for message in found])


@control.post("/phones/<number>/call")
def call(number: str) -> tuple[Response, int]:
    """{to, outcome}: the telephone calls a business; see voice.ENDINGS for what can come of it."""
    body = _body()
    business = _address(str(body.get("to") or ""))
    outcome = voice.ending(str(body.get("outcome") or "answered"))
    return jsonify(asdict(voice.place(current(), _address(number), business, outcome))), 201


@control.get("/phones/<number>/calls")
def phone_calls(number: str) -> Response:
    """The telephone's calls with what became of them so far, oldest first."""
    return jsonify(calls=[asdict(each) for each in telephones.calls(current().state, number)])


@control.post("/phones/<number>/read")
def read(number: str) -> Response:
    """{business, channel} narrow what is read; with neither the telephone has read everything."""
    body = _body()
    channel = _channel(body["channel"], "sms") if body.get("channel") else None
    business = _address(body["business"]) if body.get("business") else None
    return jsonify(read=telephones.mark_seen(current(), _address(number), business, channel))


@control.get("/messages")
def messages() -> Response:
    """Everything, oldest first; `to` and `from` narrow it."""
    wanted = listing.Filter(to=request.args.get("to"), from_=request.args.get("from"))
    state = current().state
    found, _ = listing.page(state, wanted, max(len(state.order), 1), lag=False)
    return jsonify(messages=[_shown(message) for message in reversed(found)])


@control.get("/emails")
def emails() -> Response:
    """The emails that were taken, oldest first; `to` narrows them to one mailbox."""
    state = current().state
    with state.lock:
        found = state.mailboxes.emails(request.args.get("to", ""))
    return jsonify(emails=[each.json() for each in found])


@control.put("/inboxes/<path:address>")
def put_inbox(address: str) -> Response:
    """{url}: where what is emailed to that address is posted; @example.com: to any there."""
    data = {"address": address.lower(), "url": str(_body().get("url") or "")}
    if not is_web_address(data["url"]):
        raise ValueError(f"url must be a web address, not {data['url']!r}")
    current().state.record("inbox", data)
    return jsonify(data)


@control.put("/receivers/<name>")
def put_receiver(name: str) -> Response:
    """{secret, manner}: who takes webhooks, and how it answers; what is not named stays."""
    body = _body()
    given: Json = {key: str(body[key]) for key in ("secret", "manner") if key in body}
    if given.get("manner", "ok") not in MANNERS:
        raise ValueError(f"manner must be one of {', '.join(MANNERS)}")
    current().state.record("receiver", {"name": name, **given})
    return jsonify({"name": name, **given})


@control.put("/sites/<slug>")
def put_site(slug: str) -> Response:
    """{name, loader, secret}: a business's own site, with the script of its live chat in it."""
    body = _body()
    data = {"slug": slug, **{key: str(body.get(key) or "") for key in ("name", "loader", "secret")}}
    if not is_web_address(data["loader"]):
        raise ValueError(f"loader must be a web address, not {data['loader']!r}")
    current().state.record("site", data)
    return jsonify(data)


@control.get("/receivers/<name>")
def get_receiver(name: str) -> Response:
    """What came to it, oldest first."""
    state = current().state
    with state.lock:
        found = state.receivers.find(name)
        told = [asdict(each) for each in found.told] if found else []
    return jsonify(told=told)


@control.delete("/state")
def forget() -> tuple[str, int]:
    current().state.clear()
    current().dice.reseed(None)
    return "", 204


def _body() -> Json:
    body: Any = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _address(text: str) -> str:
    bare = addresses.split(text)[1]
    sends = any(addresses.can_send(each, bare) for each in ("sms", "rcs"))
    if not addresses.can_receive("whatsapp", bare) and not sends:
        raise ValueError(f"{text!r} is no number in E.164 form such as +14155550101")
    return bare


def _channel(named: object, default: addresses.Channel) -> addresses.Channel:
    if named in (None, ""):
        return default
    if named == "sms":
        return "sms"
    if named == "whatsapp":
        return "whatsapp"
    if named == "rcs":
        return "rcs"
    raise ValueError(f"channel must be sms, whatsapp or rcs, not {named!r}")


def _upload(item: object) -> uploads.Upload:
    """Base64, bare or as {data, name}."""
    given = item if isinstance(item, dict) else {"data": item}
    try:
        data = base64.b64decode(str(given.get("data") or ""), validate=True)
    except ValueError:
        raise ValueError("media must be base64, or {data, name}") from None
    return uploads.read(data, str(given.get("name") or ""))


def _number(number: Number) -> Json:
    names = ("number", "sid", "account_sid", "label", *URLS)
    return {name: getattr(number, name) for name in names}


def _shown(message: Message) -> Json:
    """Twilio's resource, and what only the simulator knows."""
    return {
        **resources.message(message),
        "channel": message.channel,
        "media": [resources.media(message, each) for each in message.media],
        "media_urls": message.media_urls,
        "content_sid": message.content_sid,
        "seen": message.seen,
        "status_callback": message.status_callback,
        "webhook": message.webhook,
        "actions": message.actions,
        "fallback_body": message.fallback_body,
    }
