"""Twilio, as far as webhooks go: signed posts with its own fields."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from tests.support.browser import visitor
from tests.support.world import ACCOUNT, Business, sid

PAYLOADS = Path(__file__).parent.parent / "webhooks"
TOKEN = "0123456789abcdef0123456789abcdef"


def payload(name: str, **changes: str) -> dict[str, str]:
    """The form of a captured webhook as our account would send it, with changes."""
    form: dict[str, str] = json.loads((PAYLOADS / f"{name}.json").read_text())["form"]
    theirs = form.get("AccountSid", ACCOUNT)
    return {name: value.replace(theirs, ACCOUNT) for name, value in form.items()} | changes


def post(
    path: str,
    form: dict[str, Any],
    *,
    token: str = TOKEN,
    signature: str | None = None,
    base: str = "http://localhost",
) -> TestResponse:
    """A form post as Twilio sends and signs it."""
    signed = RequestValidator(token).compute_signature(base + path, form)
    headers = {"X-Twilio-Signature": signed if signature is None else signature}
    return visitor().post(path, data=form, headers=headers)


def post_in_chunks(path: str, form: dict[str, Any]) -> TestResponse:
    """A signed form without a Content-Length, as gunicorn hands on what came in chunks."""
    return visitor().post(
        path,
        input_stream=BytesIO(urlencode(form).encode()),
        content_type="application/x-www-form-urlencoded",
        headers={
            "Transfer-Encoding": "chunked",
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(
                "http://localhost" + path, form
            ),
        },
        environ_overrides={"wsgi.input_terminated": True},
    )


def text(business: Business, body: str, number: str = "+12125550142", **more: str) -> TestResponse:
    """A customer texts the business."""
    form = {
        "MessageSid": more.pop("MessageSid", sid()),
        "From": number,
        "To": business.number,
        "Body": body,
        "NumMedia": "0",
        **more,
    }
    return post(f"/api/twilio/{business.slug}/sms", form)
