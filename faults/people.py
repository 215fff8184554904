"""Customers who write, and a carrier that tells of them: once, again, or all at once."""

import threading
import time
import uuid
from random import Random
from typing import Any

import requests

from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.simulator.delivery import webhooks
from faults import social
from faults.records import Call, Records, Stop, Webhook
from faults.stage import ACCOUNT, TOKEN, Stage
from faults.town import CUSTOMERS, ON_WHATSAPP, STRANGER, Business, phone

# Who never wrote before has a number from here on.
NEWCOMERS = 5000
# Who calls, and calls again, from here on.
CALLING = 7000
PAUSE = 0.25


def text(stage: Stage, business: Business, number: str, channel: str, body: str) -> None:
    """A telephone of the simulator writes; the simulator tells the product."""
    to = business.rcs_sender if channel == "rcs" else business.number
    stage.control("POST", f"phones/{number}/send", to=to, channel=channel, body=body)


def switch_rcs(stage: Stage, number: str, has_it: bool) -> None:
    """The telephone gets RCS, or loses it while something is under way to it."""
    stage.control("PUT", f"phones/{number}", rcs=has_it)


def anybody(dice: Random) -> str:
    if dice.random() < 0.2:
        return phone(NEWCOMERS + dice.randrange(1000))
    return phone(dice.randrange(CUSTOMERS))


def call_webhook(
    stage: Stage, business: Business, records: Records, dice: Random, copies: int, until: float
) -> None:
    """Tell the product of a message that only we know, until it says that it has it."""
    told = Webhook(business.slug, f"SM{uuid.uuid4().hex}")
    with records.lock:
        records.webhooks.append(told)
    post = webhooks.Post(
        f"{stage.web}/api/twilio/{business.slug}/sms",
        _form(told.sid, anybody(dice), business.number, f"hello {told.sid}"),
        TOKEN,
    )
    copies = copies if copies > 1 or dice.random() > 0.1 else 3
    while time.monotonic() < until and not told.accepted:
        told.accepted = any(_at_once(post, copies))
        told.taken_at = time.monotonic()
        if not told.accepted:
            time.sleep(PAUSE)


def telephone(stage: Stage, business: Business, records: Records, dice: Random, end: float) -> None:
    """Somebody calls, and mostly nobody takes it: told once that it rings, and of its end until
    the product says that it knows."""
    call = Call(business.slug, f"CA{uuid.uuid4().hex}", missed=dice.random() < 0.85)
    number = phone(CALLING + dice.randrange(10)) if dice.random() < 0.5 else anybody(dice)
    with records.lock:
        records.calls.append(call)
    url, form = f"{stage.web}/api/twilio/{business.slug}", _call_form(call, number, business)
    webhooks.send(webhooks.Post(f"{url}/answer", form | {"CallStatus": "ringing"}, TOKEN))
    dialed = "no-answer" if call.missed else "completed"
    over = form | {"CallStatus": "in-progress", "DialCallStatus": dialed}
    post = webhooks.Post(
        f"{url}/status", over | {"DialBridged": f"{not call.missed}".lower()}, TOKEN
    )
    call.accepted = _until_heard(post, end)


def stop(stage: Stage, business: Business, number: str, records: Records, end: float) -> None:
    """A customer wants no more messages, which the carrier of the run does not see to."""
    told = Webhook(business.slug, f"SM{uuid.uuid4().hex}")
    with records.lock:
        records.webhooks.append(told)
    form = _form(told.sid, number, business.number, "STOP")
    post = webhooks.Post(f"{stage.web}/api/twilio/{business.slug}/sms", form, TOKEN)
    told.accepted = _until_heard(post, end)
    if told.accepted:
        records.stops.append(Stop(business.slug, number, now()))


def forge(stage: Stage) -> str:
    """Somebody who does not know the token speaks for the carrier; what went wrong, if it did."""
    sid = f"SM{uuid.uuid4().hex}"
    form = _form(sid, phone(1), "+14155559999", "let me in")
    url = f"{stage.web}/api/twilio/{STRANGER}/sms"
    outcome = webhooks.send(webhooks.Post(url, form, "not-the-token"))
    return "a forged webhook was taken" if outcome.ok else ""


def tell_belated(stage: Stage, number: str, records: Records, dice: Random) -> bool:
    """Tell of a delivered message that it was delivered, and then again that it was sent."""
    found = stage.control("GET", f"phones/{number}/messages")["messages"]
    done = [each for each in found if each["status"] == "delivered" and each["status_callback"]]
    if not done:
        return False
    message = dice.choice(done)
    if _callback(message, "delivered"):
        mid = message["status_callback"].rpartition("mid=")[2]
        records.heard[mid] = MessageStatus.DELIVERED
        _callback(message, "sent")
    return True


def _callback(message: dict[str, Any], status: str) -> bool:
    form = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": message["from"],
        "MessageSid": message["sid"],
        "MessageStatus": status,
        "SmsSid": message["sid"],
        "SmsStatus": status,
        "To": message["to"],
    }
    return webhooks.send(webhooks.Post(message["status_callback"], form, TOKEN)).ok


def _form(sid: str, sender: str, recipient: str, body: str) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": body,
        "From": sender,
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": recipient,
    }


def _call_form(call: Call, number: str, business: Business) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "Called": business.number,
        "Caller": number,
        "Direction": "inbound",
        "From": number,
        "To": business.number,
    }


def _until_heard(post: webhooks.Post, end: float) -> bool:
    while time.monotonic() < end:
        if webhooks.send(post).ok:
            return True
        time.sleep(PAUSE)
    return False


def _at_once(post: webhooks.Post, copies: int) -> list[bool]:
    if copies == 1:
        return [webhooks.send(post).ok]
    outcomes: list[bool] = []
    calls = [
        threading.Thread(target=lambda: outcomes.append(webhooks.send(post).ok), daemon=True)
        for _ in range(copies)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    return outcomes


def open_whatsapp(stage: Stage, businesses: list[Business]) -> int:
    """The first customers of each business write by WhatsApp, so that they can be answered there.

    How many wrote.
    """
    for business in businesses:
        for index in range(ON_WHATSAPP):
            text(stage, business, phone(index), "whatsapp", "hello")
    return len(businesses) * ON_WHATSAPP


def quiet(stage: Stage) -> bool:
    """Whether the simulator has told all that it had to tell, and delivered all."""
    try:
        messages = stage.control("GET", "messages")["messages"]
    except requests.RequestException:
        return False
    on_the_way = ("accepted", "queued", "sent")
    return social.quiet(stage) and not any(
        m["webhook"] == "pending" or m["status"] in on_the_way for m in messages
    )
