"""Visitors of the businesses' sites: what they post to the chat, and what they are shown."""

import hashlib
import time
import uuid
from contextlib import suppress
from random import Random
from typing import Any

import requests

from faults.records import Panel, Records, Webhook
from faults.stage import Stage
from faults.town import ON_CHAT, Business, visitor, visitors_token

TIMEOUT = (3, 12)
PAUSE = 0.25


def panels(businesses: list[Business]) -> list[Panel]:
    return [Panel(each.slug, index) for each in businesses for index in ON_CHAT]


def look(stage: Stage, opened: list[Panel]) -> None:
    for each in opened:
        # Where the web is being killed, another time.
        with suppress(requests.RequestException, ValueError, KeyError):
            _look(stage, each)


def _look(stage: Stage, panel: Panel) -> int:
    """How much was new. Raises requests' errors."""
    told = _ask(stage, panel.slug, panel.index, "GET", f"messages?after={panel.last}").json()
    messages: list[dict[str, Any]] = told["messages"]
    panel.shown += [each["id"] for each in messages if each["from"] == "business"]
    panel.last = max([panel.last, *(each["id"] for each in messages)])
    return len(messages)


def write(stage: Stage, business: Business, text: str, records: Records, dice: Random) -> None:
    """Post it until the product says that it has it; some panels post it once more, as the answer
    was lost."""
    index, token = dice.choice(ON_CHAT), uuid.uuid4().hex
    told = Webhook(business.slug, _sid(business.slug, index, token))
    with records.lock:
        records.webhooks.append(told)
    body, end = {"body": text, "client_token": token}, time.monotonic() + 60
    while time.monotonic() < end and not told.accepted:
        told.accepted = _posted(stage, business.slug, index, body)
        told.taken_at = time.monotonic()
        if not told.accepted:
            time.sleep(PAUSE)
    if dice.random() < 0.1:
        _posted(stage, business.slug, index, body)


def taken(stage: Stage, opened: list[Panel]) -> list[tuple[str, dict[str, Any]]]:
    """What the panels were shown of the business's, under our own ids."""
    for each in opened:
        while _look(stage, each):
            pass
    names = dict(stage.sql("SELECT id, public_id::text FROM message WHERE channel = 'webchat'"))
    return [(names[id_], {"status": "sent"}) for each in opened for id_ in each.shown]


def _posted(stage: Stage, slug: str, index: int, body: dict[str, str]) -> bool:
    try:
        return _ask(stage, slug, index, "POST", "messages", json=body).ok
    except requests.RequestException:
        return False


def _ask(
    stage: Stage, slug: str, index: int, method: str, path: str, **more: Any
) -> requests.Response:
    headers = {"Authorization": f"Bearer {visitors_token(slug, index)}"}
    url = f"{stage.web}/chat/{slug}/{path}"
    return requests.request(method, url, headers=headers, timeout=TIMEOUT, **more)


def _sid(slug: str, index: int, token: str) -> str:
    """As the product names it (app/webchat/visitor_message.py)."""
    named = hashlib.sha256(f"{visitor(slug, index)}\n{token}".encode()).hexdigest()
    return f"chat-{named[:40]}"
