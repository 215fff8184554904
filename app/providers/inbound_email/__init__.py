"""Emails that whoever receives them for a business posts to us, told apart by their shape.

In raw (message/rfc822), by SendGrid, by Mailgun, by Postmark; each a file.
"""

from app.providers.contract import BadRequest, Received
from app.providers.inbound_email import forms, mailgun, mime, postmark, sendgrid
from app.providers.inbound_email.parts import Unreadable

NO_EMAIL = (
    "This is no email as SendGrid, Mailgun or Postmark post it, nor one in raw (message/rfc822)"
)


def received(content_type: str, body: bytes) -> Received:
    """The email in our words. Raises BadRequest where it is none."""
    try:
        return _received(content_type, body)
    except Unreadable:
        raise BadRequest(NO_EMAIL) from None


def _received(content_type: str, body: bytes) -> Received:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return postmark.read(body)
    if kind not in (forms.MULTIPART, forms.URLENCODED):
        return mime.read(memoryview(body))
    form = forms.read(content_type, body)
    if sendgrid.sent(form):
        return sendgrid.read(form)
    if mailgun.sent(form):
        return mailgun.read(form)
    raise BadRequest(NO_EMAIL)
