"""The fields of a form as they came, in bytes: each may be in another charset."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from app.providers.contract import BadRequest, File
from app.providers.inbound_email.charsets import decoded
from app.providers.inbound_email.parts import Part, Unreadable, leaves, part

MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
MOST_FIELDS = 100


@dataclass(frozen=True)
class Form:
    fields: dict[str, memoryview]
    files: tuple[File, ...] = ()

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
    files = tuple(
        File(each.content_type, each.content(), each.file_name) for each in found if each.file_name
    )
    return Form(fields, files)


def _name(field: Part) -> str:
    found = field.head.get_param("name", "", "Content-Disposition")
    return str(found[2] if isinstance(found, tuple) else found)
