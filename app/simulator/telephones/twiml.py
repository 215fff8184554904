"""What a webhook answered: the messages in it, or what is to be done with a call."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from app.simulator.delivery.webhooks import Outcome


@dataclass(frozen=True, slots=True)
class Reply:
    body: str
    media_urls: list[str] = field(default_factory=list)
    status_callback: str = ""


def read(answer: Outcome) -> tuple[Outcome, list[Reply]]:
    """XML is TwiML, plain text is the reply itself, nothing is no reply; an answer that is
    none of these is turned into Twilio's error.
    https://www.twilio.com/docs/messaging/twiml#twilios-request-to-your-application"""
    text = answer.body.strip()
    if not text:
        return answer, []
    if answer.content_type == "text/plain":
        return answer, [Reply(text)]
    outcome, found = verbs(answer)
    return outcome, [_reply(verb) for verb in found if verb.tag == "Message"]


def verbs(answer: Outcome) -> tuple[Outcome, list[ET.Element]]:
    """The verbs of the TwiML in their order; an answer that is none is Twilio's error."""
    if not answer.ok or not answer.body.strip():
        return answer, []
    if answer.content_type not in ("text/xml", "application/xml", "text/html"):
        return Outcome(f"12300 invalid Content-Type {answer.content_type}", 12300), []
    try:
        return answer, list(_document(answer.body.strip()))
    except (ET.ParseError, ValueError):
        return Outcome("12100 the answer is no TwiML", 12100), []


def _document(text: str) -> ET.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("no entities in TwiML")
    root = ET.fromstring(text.encode())  # noqa: S314 (entities were refused above)
    if root.tag != "Response":
        raise ValueError("TwiML begins with <Response>")
    return root


def _reply(verb: ET.Element) -> Reply:
    """The text stands in <Body>, or bare in <Message>."""
    body = verb.findtext("Body")
    return Reply(
        body=(verb.text or "").strip() if body is None else body,
        media_urls=[(each.text or "").strip() for each in verb.findall("Media")],
        status_callback=verb.get("statusCallback") or verb.get("action") or "",
    )
