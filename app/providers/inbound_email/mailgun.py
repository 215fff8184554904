"""Mailgun's routes: an email taken apart, or in raw where the address ends in «mime».

https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/
"""

import json

from app.providers.contract import Received
from app.providers.inbound_email import mime
from app.providers.inbound_email.forms import Form
from app.providers.inbound_email.head import head_of
from app.providers.inbound_email.mail import Mail, received

BODIES = {"body-mime", "message-headers"}


def sent(form: Form) -> bool:
    return "recipient" in form.fields and bool(BODIES & form.fields.keys())


def read(form: Form) -> Received:
    """The email in our words."""
    recipient, sender = form.said("recipient"), form.said("sender")
    if "body-mime" in form.fields:
        return mime.read(form.fields["body-mime"], recipient, sender)
    mail = Mail(
        head=head_of(_headers(form.said("message-headers"))),
        text=form.said("body-plain"),
        html=form.said("body-html"),
        files=form.files("content-id-map"),
        recipient=recipient,
        envelope=sender,
    )
    return received(mail)


def _headers(text: str) -> list[tuple[str, str]]:
    """[["Subject", "…"], …]"""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    pairs = found if isinstance(found, list) else []
    return [(str(each[0]), str(each[1])) for each in pairs if _is_pair(each)]


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2
