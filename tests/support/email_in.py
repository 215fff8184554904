"""Emails as customers write them, and as whoever receives them for a business posts them."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from app.extensions import db
from app.inbound.emails.email_address import inbound_url
from app.models import Customer, Tenant
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.simulator.mail.emails import Email
from app.tenancy import tenant_scope
from tests.support.browser import visitor
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business


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


def sent(owner: Business, mailboxes: Mailboxes, body: str = "Hello Ann") -> Email:
    """An email of the business to its customer, as it lies in their mailbox."""
    with tenant_scope(owner.id):
        customer = db.session.get_one(Customer, owner.customer_id)
        message = compose(customer, "email", body, NOON)
    # Each a while after the one before: one mailbox sends them all, at its rate.
    drain(NOON + timedelta(hours=message.id))
    return mailboxes.emails(message.recipient)[-1]
