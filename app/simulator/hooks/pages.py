"""Webhooks come in, and are shown: which, and whether their signature is right."""

import json
import time
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from standardwebhooks import Webhook, WebhookVerificationError
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.hooks.receivers import MANNERS, Receiver
from app.simulator.simulator import current

hook_pages = Blueprint("hooks", __name__)

SHOWN = 50
LONGEST_NAME = 40
LONGEST_SECRET = 200
UNKNOWN = "No secret is entered here, so nobody knows who sent it."


@hook_pages.post("/hooks/<name>")
def receive(name: str) -> AnyResponse:
    """As docs/webhooks.md tells receivers to do it."""
    receiver = current().state.receivers.find(name) or Receiver(name)
    status, headers, seconds = MANNERS[receiver.manner]
    body = request.get_data(as_text=True)
    told = {"at": time.time(), "id": request.headers.get("webhook-id", ""), "body": body}
    wrong = _wrong(receiver, body)
    about = {**told, "type": _type(body), "wrong": wrong, "answered": 400 if wrong else status}
    current().state.record("told", {"name": name[:LONGEST_NAME], **about})
    time.sleep(seconds)
    return Response("It cannot be verified." if wrong else "", 400 if wrong else status, headers)


@hook_pages.get("/hooks")
def show() -> str:
    return render_template("hooks.html", **_shown())


@hook_pages.get("/hooks/list")
def told() -> str:
    return render_template("_hooks.html", **_shown())


@hook_pages.post("/hooks")
def put() -> AnyResponse:
    """A receiver's secret, and how it answers from now on."""
    name, manner = request.form.get("name", ""), request.form.get("manner", "ok")
    if not 0 < len(name) <= LONGEST_NAME or "/" in name or manner not in MANNERS:
        abort(400, "A receiver has a name of its own, and answers in one of these ways.")
    secret = request.form.get("secret", "").strip()[:LONGEST_SECRET]
    current().state.record("receiver", {"name": name, "secret": secret, "manner": manner})
    return redirect(url_for(".show", name=name), 303)


def _wrong(receiver: Receiver, body: str) -> str:
    if not receiver.secret:
        return UNKNOWN
    try:
        Webhook(receiver.secret).verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        # The library lets some malformed headers through as ValueError.
        return f"{error}."
    return ""


def _type(body: str) -> str:
    try:
        return str(json.loads(body)["type"])
    except (ValueError, KeyError, TypeError):
        return "no JSON with a type"


def _shown() -> dict[str, Any]:
    """The receiver that was asked for, or the first; the latest first."""
    state = current().state
    with state.lock:
        receivers = state.receivers.all()
        chosen = state.receivers.find(request.args.get("name", ""))
        chosen = chosen or (receivers[0] if receivers else Receiver("bookkeeping"))
        told, times = list(chosen.told)[::-1], chosen.times()
    shown = {"told": told[:SHOWN], "more": len(told[SHOWN:]), "times": times}
    return {"receivers": receivers, "chosen": chosen, **shown}
