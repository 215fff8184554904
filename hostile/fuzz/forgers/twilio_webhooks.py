"""Twilio's webhooks, from those that were captured."""

import json
from functools import cache
from pathlib import Path
from random import Random
from urllib.parse import urlencode
from uuid import UUID

from twilio.request_validator import RequestValidator

from app.extensions import settings
from hostile.fuzz import mutate
from hostile.fuzz.forger import Forged, Forger, Hand
from hostile.world import OWN_ACCOUNT, OWN_TOKEN
from tests.support.twilio import PAYLOADS

VIEWS = ("message", "message_status", "answer", "call_status", "whisper")
PATHS = ("sms", "whatsapp", "message-status", "answer", "status", "whisper")
FIELDS = (
    *("MessageSid", "SmsSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0"),
    *("ProfileName", "ExternalUserId", "Latitude", "Longitude", "MessageStatus", "ErrorCode"),
    *("CallSid", "CallStatus", "DialCallStatus", "DialCallDuration", "DialBridged", "Digits"),
    *("OptOutType", "ButtonText", "ButtonPayload", "OriginalRepliedMessageSid", "RawDlrDoneDate"),
)


@cache
def _captured() -> tuple[dict[str, str], ...]:
    found = (json.loads(file.read_text()) for file in sorted(Path(PAYLOADS).glob("*.json")))
    return tuple(each["form"] for each in found if "form" in each)


def rightly(hand: Hand) -> Forged:
    return _posted(hand, hand.ours.slug, _form(hand) | {"AccountSid": OWN_ACCOUNT}, OWN_TOKEN)


def wrongly(hand: Hand) -> Forged:
    """By nobody, by the other business's account, or by a token that is nobody's."""
    ours = hand.random.random() < 0.5
    not_theirs = str(settings().twilio_auth_token) if ours else OWN_TOKEN
    token = hand.random.choice((None, not_theirs, "a" * 32))
    return _posted(hand, (hand.ours if ours else hand.theirs).slug, _form(hand), token)


def _form(hand: Hand) -> dict[str, str]:
    """To either business, from a customer of either, or as it was captured."""
    random, form = hand.random, dict(hand.random.choice(_captured()))
    named = {"To": random.choice((hand.ours.number, hand.theirs.number))}
    named["From"] = random.choice((hand.ours.customer_number, hand.theirs.customer_number))
    form |= named if random.random() < 0.7 else {}
    for sid in ("MessageSid", "CallSid"):
        if sid in form and random.random() < 0.7:
            form[sid] = form[sid][:2] + f"{random.getrandbits(128):032x}"
    changed = mutate.form(random, form, FIELDS)
    return {_sendable(name): _sendable(value) for name, value in changed.items()}


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _posted(hand: Hand, slug: str, form: dict[str, str], token: str | None) -> Forged:
    random = hand.random
    path = f"/api/twilio/{slug}/{random.choice(PATHS)}"
    if random.random() < 0.3:
        path += f"?mid={_id(random)}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if token:
        signed = RequestValidator(token).compute_signature(f"http://localhost{path}", form)
        headers["X-Twilio-Signature"] = signed
    return Forged(path, urlencode(form).encode(), headers)


def _id(random: Random) -> str:
    return random.choice((str(UUID(int=random.getrandbits(128))), "1", "x"))


FORGER = Forger(frozenset(f"webhooks.{view}" for view in VIEWS), rightly, wrongly)
