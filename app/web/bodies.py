"""What a request may carry: too much is a 413, however it comes; JSON without end a 400."""

import json
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider

# A webhook carries 1,600 characters and some names, a sign-in an email and a password; nothing of
# theirs comes near this.
LARGEST_SMALL = 64 * 1024
SMALL = {"webhooks", "security", "password"}
LARGEST_UPLOAD = 8 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


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


def init_app(app: Flask) -> None:
    """Call it before anything else reads requests."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    # Flask-Security makes the provider out of this one when it is set up.
    app.json_provider_class = Json
    app.before_request(read)


def read() -> None:
    """Parse the form of a request. Raises RequestEntityTooLarge."""
    if request.blueprint in SMALL:
        request.max_content_length = LARGEST_SMALL
    request.form  # noqa: B018  (it is parsed when it is first asked for)
    if request.mimetype == FORM and request.content_length is None:
        # Werkzeug cuts such a form at the limit and says nothing; asked for more, it does.
        request.stream.read(1)
