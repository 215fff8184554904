"""How much a request may carry; more is a 413, however it comes."""

from flask import Flask, request

# A webhook carries 1,600 characters and some names; nothing of Twilio's comes near this.
LARGEST_WEBHOOK = 64 * 1024
LARGEST_UPLOAD = 8 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Call it before anything else reads requests."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    app.before_request(read)


def read() -> None:
    """Parse the form of a request. Raises RequestEntityTooLarge."""
    if request.blueprint == "webhooks":
        request.max_content_length = LARGEST_WEBHOOK
    request.form  # noqa: B018  (it is parsed when it is first asked for)
    if request.mimetype == FORM and request.content_length is None:
        # Werkzeug cuts such a form at the limit and says nothing; asked for more, it does.
        request.stream.read(1)
