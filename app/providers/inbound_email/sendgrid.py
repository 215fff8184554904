"""SendGrid Inbound Parse: an email in raw, or taken apart, each field in its own charset.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
"""

import json

from app.providers.contract import Received
from app.providers.inbound_email import mime
from app.providers.inbound_email.forms import Form
from app.providers.inbound_email.mail import Mail, received


def sent(form: Form) -> bool:
    return "envelope" in form.fields and bool({"email", "headers"} & form.fields.keys())


def read(form: Form) -> Received:
    """The email in our words."""
    sender, recipient = _envelope(form)
    if "email" in form.fields:
        return mime.read(form.fields["email"], recipient, sender)
    charsets = form.object("charsets")
    mail = Mail(
        head=mime.head_alone(form.fields["headers"]).head,
        text=form.said("text", charsets.get("text", "")),
        html=form.said("html", charsets.get("html", "")),
        files=form.files("content-ids"),
        recipient=recipient,
        envelope=sender,
    )
    return received(mail)


def _envelope(form: Form) -> tuple[str | None, str]:
    """Whom it says that it is from, and to: {"to": ["…"], "from": "…"}."""
    said = _object(form.said("envelope"))
    to = said.get("to")
    first = to[0] if isinstance(to, list) and to else ""
    return (str(said["from"]) if "from" in said else None), str(first)


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
