"""What Meta posts to the product: signed, and again until it is answered with a 200.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable

import requests

from app.simulator.simulator import Simulator
from app.simulator.social.social_records import Json, Said

PENDING, DELIVERED = "pending", "delivered"
TIMEOUT = (5.0, 5.0)
# Seconds; Meta goes on for hours.
FIRST_RETRY, LONGEST_RETRY, MOST_TRIES = 0.5, 15.0, 200
OBJECT = {"messenger": "page", "instagram": "instagram"}


def post(sim: Simulator, item: Json, kind: str, account: str) -> str:
    """One event, once; what went wrong, or nothing."""
    if not sim.state.social.url:
        return "no webhook URL is set for the app"
    entry = {"id": account, "time": int(time.time() * 1000), "messaging": [item]}
    body = json.dumps({"object": OBJECT[kind], "entry": [entry]}).encode()
    secret = sim.settings.meta_app_secret.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}",
    }
    try:
        answer = requests.post(sim.state.social.url, data=body, headers=headers, timeout=TIMEOUT)
    except requests.RequestException as error:
        return f"not reached ({type(error).__name__})"
    return "" if answer.status_code == 200 else f"HTTP {answer.status_code}"


def tell(
    sim: Simulator,
    item: Json,
    kind: str,
    account: str,
    then: Callable[[str], None] = lambda _: None,
) -> None:
    """Until it is taken; then is told what became of each try."""

    def attempt(tried: int) -> None:
        trouble = post(sim, item, kind, account)
        then(trouble)
        if trouble and tried < MOST_TRIES and sim.state.social.url:
            wait = min(FIRST_RETRY * 2**tried, LONGEST_RETRY)
            sim.scheduler.after(wait, lambda: sim.scheduler.post(lambda: attempt(tried + 1)))

    sim.scheduler.post(lambda: attempt(0), urgent=True)


def tell_of(sim: Simulator, said: Said) -> None:
    """What a person wrote, of which the thread shows whether it has come."""

    def noted(trouble: str) -> None:
        change = {"mid": said.mid, "webhook": trouble or DELIVERED}
        sim.state.record("social_change", change)

    tell(sim, message(said), said.kind, said.account, noted)
    if sim.dice.strikes(sim.faults.duplicate_callbacks):
        tell(sim, message(said), said.kind, said.account)


def resume(sim: Simulator) -> None:
    """After a restart: what had not come yet."""
    for said in list(sim.state.social.said.values()):
        if said.inbound and said.webhook != DELIVERED:
            tell_of(sim, said)


def after_sending(sim: Simulator, said: Said) -> None:
    """Meta echoes what an account sends, and Messenger tells when it has arrived."""
    delay, dice, faults = sim.settings.status_delay, sim.dice, sim.faults
    echo = message(said)
    # As often before the answer as after it.
    sim.scheduler.after(
        dice.between(0, delay), lambda: _usual(sim, echo, said, faults.drop_callbacks)
    )
    if said.kind == "messenger":
        told = {"watermark": int(said.created * 1000) + 1, "mids": [said.mid]}
        item = _between(said, time.time() * 1000, True) | {"delivery": told}
        sim.scheduler.after(delay, lambda: _usual(sim, item, said, faults.drop_callbacks))


def _usual(sim: Simulator, item: Json, said: Said, lost: float) -> None:
    if sim.dice.strikes(lost):
        return
    tell(sim, item, said.kind, said.account)
    if sim.dice.strikes(sim.faults.duplicate_callbacks):
        tell(sim, item, said.kind, said.account)


def message(said: Said) -> Json:
    told: Json = {"mid": said.mid}
    if said.text:
        told["text"] = said.text
    if said.files:
        told["attachments"] = [
            {"type": each["type"], "payload": {"url": each["url"]}} for each in said.files
        ]
    if said.answers:
        told["reply_to"] = {"mid": said.answers}
    if not said.inbound:
        told |= {"is_echo": True, "app_id": int(said.app_id)}
        if said.metadata:
            told["metadata"] = said.metadata
    return _between(said, said.created * 1000, said.inbound) | {"message": told}


def seen(said: Said) -> Json:
    """They have read it and all before it."""
    told = {"mid": said.mid} if said.kind == "instagram" else {"watermark": int(time.time() * 1000)}
    return _between(said, time.time() * 1000, True) | {"read": told}


def reacted(said: Said, emoji: str) -> Json:
    told = {"mid": said.mid, "action": "react" if emoji else "unreact"}
    more = {"reaction": "other", "emoji": emoji} if emoji else {}
    return _between(said, time.time() * 1000, True) | {"reaction": told | more}


def edited(said: Said) -> Json:
    told = {"mid": said.mid, "text": said.text, "num_edit": said.edits}
    return _between(said, time.time() * 1000, True) | {"message_edit": told}


def taken_back(said: Said) -> Json:
    told = {"mid": said.mid, "is_deleted": True}
    return _between(said, time.time() * 1000, True) | {"message": told}


def _between(said: Said, at: float, from_person: bool) -> Json:
    ends = (said.person, said.account) if from_person else (said.account, said.person)
    sender, recipient = ({"id": each} for each in ends)
    return {"sender": sender, "recipient": recipient, "timestamp": int(at)}
