"""Content templates: what Twilio knows of them, and what becomes of them in a message."""

import re
from collections.abc import Mapping

from app.simulator.records import Content, Json, new_sid
from app.simulator.rest.draft import Draft
from app.simulator.rest.refusals import TwilioError
from app.simulator.state import State

SID = re.compile(r"HX[0-9a-fA-F]{32}")
GAP = re.compile(r"\{\{(\w+)\}\}")
LONGEST = 1600


def read(sid: str, body: str, name: str) -> Content:
    """A template as it is made known. Raises ValueError."""
    if not SID.fullmatch(sid):
        raise ValueError(f"{sid!r} is no ContentSid: HX and 32 hexadecimal digits")
    if not body.strip():
        raise ValueError("the body of a template must not be empty")
    return Content(sid, body, name)


def rendered(state: State, draft: Draft) -> tuple[str, int | None]:
    """The text that arrives, and the code it will fail with where a gap stays open: WhatsApp
    refuses that later. Raises TwilioError for a template that nobody made known.
    https://www.twilio.com/docs/api/errors/63028"""
    if draft.content_sid is None:
        return draft.body, None
    content = state.contents.get(draft.content_sid)
    if content is None:
        raise TwilioError(21655)
    if any(len(value) > LONGEST for value in draft.variables.values()):
        raise TwilioError(21658)
    wanted = set(GAP.findall(content.body))
    unfilled = None if wanted <= draft.variables.keys() else 63028
    return _filled(content.body, draft.variables), unfilled


def buttons(state: State, draft: Draft) -> list[Json]:
    """What stands under the text where it goes by RCS, filled in likewise."""
    content = state.contents.get(draft.content_sid or "")
    if content is None or draft.channel != "rcs":
        return []
    return [
        {name: _filled(text, draft.variables) for name, text in action.items()}
        for action in content.actions
    ]


def made(definition: Json) -> Content:
    """A template that an account makes: a text, and a card with buttons of the same text. Raises
    TwilioError. https://www.twilio.com/docs/content/content-api-resources"""
    types = definition.get("types") or {}
    card, text = types.get("twilio/card") or {}, types.get("twilio/text") or {}
    body, actions = str(text.get("body") or ""), card.get("actions") or []
    if not body or len(body) > LONGEST or not str(card.get("body") or body):
        raise TwilioError(20001)
    if any(len(str(each.get("title") or "")) not in range(1, 26) for each in actions):
        raise TwilioError(20001)
    told = [{str(name): str(value) for name, value in each.items()} for each in actions]
    name = str(definition.get("friendly_name") or "")
    return Content(new_sid("HX"), body, name, "unsubmitted", actions=told)


def _filled(body: str, variables: Mapping[str, str]) -> str:
    return GAP.sub(lambda gap: variables.get(gap[1], gap[0]), body)
