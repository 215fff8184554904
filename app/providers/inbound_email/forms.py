"""The fields of a form as they came, in bytes: each may be in another charset."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from app.providers.contract import BadRequest, File
from app.providers.inbound_email.charsets import decoded
from app.providers.inbound_email.mail_body import file_of
from app.providers.inbound_email.parts import Part, Unreadable, leaves, part

MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
MOST_FIELDS = 100


@dataclass(frozen=True)
class Form:
    fields: dict[str, memoryview]
    attached: Mapping[str, File] = field(default_factory=dict)
    """By their fields."""

    def files(self, names: str) -> tuple[File, ...]:
        """What is attached; the field of that name says as JSON which of them the email's HTML
        calls by which Content-ID: {"<id>": "attachment1"}."""
        fields = {field: id_.strip("<>") for id_, field in self.object(names).items()}
        return tuple(
            replace(file, content_id=fields.get(name, file.content_id))
            for name, file in self.attached.items()
        )

    def object(self, name: str) -> dict[str, str]:
        """What the field says as a JSON object; empty where it is none."""
        try:
            found = json.loads(self.said(name) or "{}")
        except (ValueError, RecursionError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {key: value for key, value in pairs if isinstance(value, str)}

    def said(self, name: str, charset: str = "") -> str:
        """Empty where the form has no such field."""
        return decoded(bytes(self.fields.get(name, b"")), charset)


def read(content_type: str, body: bytes) -> Form:
    """The form. Raises BadRequest where it is none."""
    if content_type.lower().startswith(MULTIPART):
        return _multipart(content_type, body)
    try:
        # Latin-1 has a letter for each byte.
        pairs = parse_qsl(
            body.decode("latin-1"), True, encoding="latin-1", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise BadRequest("The form has too many fields") from None
    return Form({name: memoryview(value.encode("latin-1")) for name, value in pairs})


def _multipart(content_type: str, body: bytes) -> Form:
    head = part(memoryview(f"Content-Type: {content_type}\n\n".encode())).head
    try:
        found = leaves(Part(head, memoryview(body)))
    except Unreadable as error:
        raise BadRequest(f"The form cannot be read: {error}") from None
    fields = {_name(each): memoryview(each.content()) for each in found if not each.file_name}
    return Form(fields, {_name(each): file_of(each) for each in found if each.file_name})


def _name(field: Part) -> str:
    found = field.head.get_param("name", "", "Content-Disposition")
    return str(found[2] if isinstance(found, tuple) else found)
