"""What a request may carry: too much is a 413, however it comes; JSON without end a 400.

No body is read before somebody asks for what is in it, which is after the guard (access.py).
"""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

KB, MB = 1024, 1024 * 1024
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# A webhook carries 1,600 characters and some names, the settings a tenth of it.
LARGEST = 64 * KB
# Werkzeug reads so much of a body with files at a time. With what of the piece before may begin a
# boundary (RFC 2046, 5.1.1: 70 characters at most) that counts as text, though it is of a file.
PIECE = 64 * KB + KB
# Each costs as much as a thousand bytes. The largest form of ours has a hundred.
MOST_FIELDS = 500


@dataclass(frozen=True)
class Limit:
    """The most bytes that a body may have."""

    text: int = LARGEST
    files: int = 0
    """With files in it."""


# Who takes more. None of them reads a stranger's (tests/web/guards/test_bodies.py).
LARGER: dict[str, Limit] = {
    # The largest email that Gmail lets through; its address has a secret, which is asked for first.
    "inbound_email.message": Limit(text=26 * MB, files=26 * MB),
    # A thousand events at once, signed by Meta: of a whole app, whose businesses share the address.
    "meta_webhook.events": Limit(text=4 * MB),
    # An email of 100,000 characters, each of twelve bytes in a form.
    "inbox.send": Limit(text=1280 * KB, files=8 * MB),
    # The same of a program, by its key, and with files in base64.
    "api.messages_make": Limit(text=9 * MB),
    # The same while it is written, and each of its files alone.
    "inbox.draft": Limit(text=1280 * KB),
    "inbox.detach": Limit(text=1280 * KB, files=8 * MB),
    "inbox.attach": Limit(files=6 * MB),
    # A file of 10 MB, of a visitor whom staff have answered: nothing is read before that.
    "chat_messages.send_file": Limit(files=11 * MB),
    # An address book with its pictures.
    "imports.take": Limit(files=9 * MB),
    # A text of 5,000 characters and its subject, likewise.
    "message_templates.show": Limit(text=128 * KB),
    "message_templates.preview": Limit(text=128 * KB),
}


class Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """What the text says. Raises ValueError, also where it is nested too deeply to be read, and
        where a text in it is none: no page can show it, and no column holds it."""
        try:
            found = super().loads(s, **kwargs)
            json.dumps(found, ensure_ascii=False).encode()
        except RecursionError:
            raise ValueError("nested too deeply") from None
        return found


class FewFields(FormDataParser):
    """Counts a form's fields before it makes anything of them."""

    def parse(self, stream: IO[bytes], mimetype: str, *args: Any, **options: Any) -> Any:
        """As of the class above. Raises RequestEntityTooLarge."""
        if mimetype == FORM:
            content = stream.read()
            if content.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(content)
        return super().parse(stream, mimetype, *args, **options)


class Bounded(Request):
    """A request whose body has an end."""

    form_data_parser_class = FewFields
    max_form_parts = MOST_FIELDS

    @property  # type: ignore[misc]
    def max_content_length(self) -> int:  # type: ignore[override]
        limit = self._limit
        return max(limit.files, limit.text) if self.mimetype == MULTIPART else limit.text

    @property  # type: ignore[misc]
    def max_form_memory_size(self) -> int:  # type: ignore[override]
        return max(self._limit.text, PIECE)

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body. Raises RequestEntityTooLarge."""
        if self.content_length is not None:
            return super().stream
        # Werkzeug cuts what comes in chunks at the limit and says nothing; asked for more, it does.
        chunks = super().stream
        content = chunks.read()
        chunks.read(1)
        return BytesIO(content)

    @property
    def _limit(self) -> Limit:
        limit = LARGER.get(self.endpoint or "", Limit())
        # Files come from browsers, which know their length: no other body is kept whole.
        return limit if self.content_length is not None else Limit()


def init_app(app: Flask) -> None:
    app.request_class = Bounded
    # Flask-Security makes the provider out of this one when it is set up.
    app.json_provider_class = Json
