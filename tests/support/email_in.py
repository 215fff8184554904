"""Emails as customers write them, and as whoever receives them for a business posts them."""

from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from app.extensions import db
from app.inbound.email_address import inbound_url
from app.models import Tenant
from tests.support.browser import visitor
from tests.support.world import Business


def path_of(business: Business) -> str:
    """Where its emails are posted, the secret with it."""
    parts = urlsplit(inbound_url(db.session.get_one(Tenant, business.id)))
    return f"{parts.path}?{parts.query}"


def written(text: str = "Is tomorrow free?", **headers: str) -> EmailMessage:
    """An email by Ann to the salon; headers by their names, with _ for -; empty: without it."""
    made = EmailMessage()
    usual = {
        "From": "Ann Lee <ann@lee.example>",
        "To": "hello@salon.test",
        "Subject": "A question",
        "Date": "Wed, 18 Nov 2026 12:00:00 -0500",
        "Message_ID": make_msgid(domain="lee.example"),
    }
    for name, value in (usual | headers).items():
        if value:
            made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def post(business: Business, mail: EmailMessage | bytes) -> TestResponse:
    """The email in raw."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    return visitor().post(path_of(business), data=raw, content_type="message/rfc822")
