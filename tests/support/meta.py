"""Meta, as far as webhooks go: signed posts of what happened to an account."""

import json
from pathlib import Path
from typing import Any

import requests
from werkzeug.test import TestResponse

from app.extensions import db, vault
from app.inbound.social import account_routes
from app.models import ChannelAccount
from app.providers.meta import signature_of
from app.tenancy import tenant_scope
from tests.support.browser import visitor
from tests.support.carrier import Carrier
from tests.support.world import Business

SECRET = "the-secret-of-an-app"
PAYLOADS = Path(__file__).parent.parent / "webhooks" / "meta"
# The accounts and the customers of the captured events.
PAGE, INSTAGRAM = "104000000000001", "17841400000000001"
PERSON, FOLLOWER = "7000000000000001", "900000000000001"


def payload(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())["body"]
    return body


def connect(business: Business, page: str = PAGE, instagram: str = INSTAGRAM) -> None:
    """The business's page and its Instagram account, as the command with --offline has it."""
    with tenant_scope(business.id):
        for channel, address in (("messenger", page), ("instagram", instagram)):
            sealed = vault().seal(f"token-{page}")
            row = ChannelAccount(channel=channel, address=address, node=page, token_sealed=sealed)
            db.session.add(row)
        db.session.commit()
    db.session.remove()
    account_routes.forget()


def put(twilio: Carrier, path: str, told: dict[str, Any]) -> None:
    """Tell the stand-in for Meta of a page or a person."""
    url = f"{twilio.url}/simulator/social/{path}"
    requests.put(url, json=told, timeout=5).raise_for_status()


def says(twilio: Carrier, person: str, text: str) -> None:
    """Somebody writes at Meta; nobody is told of it."""
    url = f"{twilio.url}/simulator/social/people/{person}/send"
    requests.post(url, json={"text": text}, timeout=5).raise_for_status()


def sent(twilio: Carrier, person: str) -> list[dict[str, Any]]:
    """What the product had taken for them, oldest first."""
    url = f"{twilio.url}/simulator/social/messages"
    found = requests.get(url, {"person": person}, timeout=5).json()["messages"]
    return [each for each in found if not each["inbound"]]


def post(body: dict[str, Any] | bytes, *, signature: str | None = None) -> TestResponse:
    """As Meta sends and signs it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signature_of(raw, SECRET) if signature is None else signature
    headers = {"X-Hub-Signature-256": signed, "Content-Type": "application/json"}
    return visitor().post("/api/meta/webhook", data=raw, headers=headers)


def event(name: str, **changes: Any) -> TestResponse:
    """A captured event, with changes to its message."""
    body = payload(name)
    entry = body["entry"][0]
    item = (entry.get("messaging") or entry["standby"])[0]
    kind = next(key for key in item if key not in ("sender", "recipient", "timestamp"))
    stamp = changes.pop("timestamp", item["timestamp"])
    item["timestamp"] = stamp
    item[kind] |= changes
    return post(body)
