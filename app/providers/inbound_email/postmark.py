"""Postmark's inbound webhook: JSON, its files in base64.

https://postmarkapp.com/developer/webhooks/inbound-webhook
"""

import binascii
import json
from collections.abc import Mapping
from typing import Any

from app.providers.contract import BadRequest, File, Received
from app.providers.inbound_email import mime
from app.providers.inbound_email.head import head_of
from app.providers.inbound_email.mail import Mail, received
from app.providers.inbound_email.parts import MOST_PARTS

NO_EMAIL = "The JSON is no email of Postmark's: it lacks Headers and From"
UNKNOWN = "application/octet-stream"


def read(body: bytes) -> Received:
    """The email in our words. Raises BadRequest where it is none."""
    said = _object(body)
    if isinstance(said.get("RawEmail"), str):
        raw = said["RawEmail"].encode("utf-8", "surrogateescape")
        return mime.read(memoryview(raw), _text(said, "OriginalRecipient"))
    mail = Mail(
        head=head_of([*_headers(said), *_fields(said)]),
        text=_text(said, "TextBody"),
        html=_text(said, "HtmlBody"),
        files=tuple(map(_file, _objects(said, "Attachments")[:MOST_PARTS])),
        recipient=_text(said, "OriginalRecipient"),
    )
    return received(mail)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The JSON cannot be read") from None
    if not isinstance(found, dict) or not {"Headers", "From"} <= found.keys():
        raise BadRequest(NO_EMAIL)
    return found


def _headers(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those of the email, its own Message-ID among them; MessageID is Postmark's."""
    return [(_text(each, "Name"), _text(each, "Value")) for each in _objects(said, "Headers")]


def _fields(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, _text(said, name)) for name in ("From", "To", "Subject", "Date")]


def _file(said: Mapping[str, Any]) -> File:
    try:
        content = binascii.a2b_base64(_text(said, "Content"))
    except ValueError:
        content = b""
    kind, id_ = _text(said, "ContentType") or UNKNOWN, _text(said, "ContentID")
    return File(kind, content, _text(said, "Name"), id_.strip("<>"))


def _objects(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""
