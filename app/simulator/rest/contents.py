"""Content templates: what Twilio knows of them, and what becomes of them in a message."""

import re
from collections.abc import Mapping

from app.simulator.records import Content
from app.simulator.rest.draft import Draft
from app.simulator.rest.refusals import TwilioError
from app.simulator.state import State

SID = re.compile(r"HX[0-9a-fA-F]{32}")
GAP = re.compile(r"\{\{(\d+)\}\}")


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
    wanted = set(GAP.findall(content.body))
    unfilled = None if wanted <= draft.variables.keys() else 63028
    return _filled(content.body, draft.variables), unfilled


def _filled(body: str, variables: Mapping[str, str]) -> str:
    return GAP.sub(lambda gap: variables.get(gap[1], gap[0]), body)
