"""A business sends by the Graph API: what is taken, and what becomes of it.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
"""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.simulator.simulator import Simulator
from app.simulator.social import social_webhooks
from app.simulator.social.graph_refusals import (
    NO_SUCH_PERSON,
    NOT_AS_IT_IS,
    OUTSIDE_WINDOW,
    GraphRefusal,
)
from app.simulator.social.social_records import Json, Page, Person, Said, new_mid

DAY = 24 * 3600
APP = "5550000000000001"
MOST_LISTED = 20


def send(sim: Simulator, page: Page, told: Json) -> Said:
    """Raises GraphRefusal where Meta takes it not."""
    social, now = sim.state.social, time.time()
    person = social.people.get(str(_mapping(told.get("recipient")).get("id")))
    if person is None or person.account not in (page.id, page.instagram_id):
        raise NO_SUCH_PERSON["messenger"]
    message, terms = _mapping(told.get("message")), _terms(told)
    _refuse_late(social.opened(person.id), person, terms, now)
    said = Said(
        mid=new_mid(person.kind),
        kind=person.kind,
        account=person.account,
        person=person.id,
        inbound=False,
        text=_text(page, person, message, terms),
        created=now,
        files=_files(message),
        metadata=str(message.get("metadata") or ""),
        app_id=APP,
        answers=str(_mapping(told.get("reply_to")).get("mid") or ""),
        terms=terms,
        listed_from=now + sim.faults.list_lag_seconds,
    )
    sim.state.record("social_said", asdict(said))
    social_webhooks.after_sending(sim, said)
    return said


def listed(sim: Simulator, page: Page, person_id: str, platform: str) -> list[Json]:
    """The thread's newest messages, the newest first; none of it where there is no such thread."""
    person, now = sim.state.social.people.get(person_id), time.time()
    if person is None or person.account != page.account(person.kind) or person.kind != platform:
        return []
    seen = [each for each in sim.state.social.thread(person_id) if each.listed_from <= now]
    return [_shown(each) for each in sorted(seen, key=lambda each: -each.created)[:MOST_LISTED]]


def _shown(said: Said) -> Json:
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(said.created))
    return {
        "id": said.mid,
        "created_time": f"{at}+0000",
        "from": {"id": said.person if said.inbound else said.account},
        "message": said.text,
    }


def _terms(told: Json) -> str:
    kind = str(told.get("messaging_type") or "RESPONSE")
    return str(told.get("tag") or "") if kind == "MESSAGE_TAG" else kind


def _refuse_late(opened: float, person: Person, terms: str, now: float) -> None:
    """Tags but one went on 2026-04-27."""
    windows = {"RESPONSE": DAY, "UPDATE": DAY, "HUMAN_AGENT": 7 * DAY}
    if terms == "UTILITY" and person.kind == "messenger":
        return
    if terms not in windows:
        raise GraphRefusal(100, 1893061)
    if now - opened > windows[terms]:
        raise OUTSIDE_WINDOW[person.kind]


def _text(page: Page, person: Person, message: Json, terms: str) -> str:
    if terms == "UTILITY":
        return _of_template(page, _mapping(message.get("template")))
    text = str(message.get("text") or "")
    size = len(text.encode()) if person.kind == "instagram" else len(text.encode("utf-16-le")) // 2
    most = 1000 if person.kind == "instagram" else 1999
    if size > most or not (text or message.get("attachment")):
        raise NOT_AS_IT_IS
    return text


def _of_template(page: Page, asked: Mapping[str, Any]) -> str:
    language = str(_mapping(asked.get("language")).get("code"))
    for template in page.templates:
        if (template["name"], template["language"]) == (asked.get("name"), language):
            text = str(template["body"])
            values = [p for each in asked.get("components", []) for p in each.get("parameters", [])]
            for place, value in enumerate(values, 1):
                text = text.replace(f"{{{{{place}}}}}", str(value.get("text")))
            return text
    raise NOT_AS_IT_IS


def _files(message: Json) -> list[Json]:
    attachment = _mapping(message.get("attachment"))
    url = _mapping(attachment.get("payload")).get("url")
    return [{"type": attachment.get("type"), "url": url}] if url else []


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}
