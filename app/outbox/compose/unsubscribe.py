"""The link in an automatic email by which its reader wants no more, and the way back.

Mail programs show a button for it and press it themselves (RFC 8058). The link holds the business
and the address, sealed: it needs no row, and outlives the customer and what was sent to them.
Whoever has the email may use it.
"""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from sqlalchemy import select

from app import live
from app.extensions import db, settings, vault
from app.lib.vault import VaultError
from app.models import ContactPoint, Direction, Message, Tenant
from app.outbox.compose.content import Content
from app.outbox.queue.opt_out import opted_out, start_by_link, stop_by_link
from app.tenancy import tenant_scope, unscoped

# So that nothing else that the vault has sealed is taken for a link.
PURPOSE = "unsubscribe"
# Styles stand in it, as mail programs drop style sheets.
FOOT = (
    '<p style="margin:32px 0 0;font-size:13px;opacity:0.7">'
    '<a href="{url}" style="color:inherit">{called}</a></p>'
)


@dataclass(frozen=True)
class Reader:
    """To whom an email went."""

    tenant_id: int
    business: str
    channel: str
    address: str
    message_id: int | None
    """The email, as long as it is kept."""


def url(tenant_id: int, channel: str, address: str, public_id: uuid.UUID) -> str:
    """Where the reader of the message of that public_id says that they want no more."""
    named = [PURPOSE, tenant_id, channel, address, public_id.hex]
    sealed = vault().seal(json.dumps(named, ensure_ascii=False, separators=(",", ":")))
    return f"{settings().public_url}/unsubscribe/{sealed.rstrip('=')}"


def offered(content: Content, link: str) -> Content:
    """The content with the link below its HTML, if it is called something."""
    if content.html is None or not content.unsubscribe:
        return content
    foot = FOOT.format(url=escape(link), called=escape(content.unsubscribe))
    return replace(content, html=f"{content.html}\n{foot}")


def reader(token: str) -> Reader | None:
    """Whose link it is; None: nobody's."""
    try:
        public_id = uuid.UUID(token)
    except ValueError:
        return _sealed(token)
    return _reader_of(public_id)


def _sealed(token: str) -> Reader | None:
    try:
        named = json.loads(vault().open(token + "=" * (-len(token) % 4)))
        purpose, tenant_id, channel, address, name = named
        public_id = uuid.UUID(name)
    except (VaultError, ValueError, TypeError):
        return None
    tenant = db.session.get(Tenant, tenant_id) if purpose == PURPOSE else None
    if tenant is None:
        return None
    with tenant_scope(tenant_id):
        query = select(Message.id).where(Message.public_id == public_id)
        return Reader(tenant_id, tenant.name, channel, address, db.session.scalar(query))


def _reader_of(public_id: uuid.UUID) -> Reader | None:
    """By the name of a message alone, as in emails that went out before links were sealed."""
    query = (
        select(Message, Tenant.name)
        .join(Tenant, Tenant.id == Message.tenant_id)
        .where(Message.public_id == public_id, Message.direction == Direction.OUTBOUND)
        .where(Message.html.is_not(None))
    )
    with unscoped("the link's random name itself says whose it is"):
        found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    sent, business = found
    return Reader(sent.tenant_id, business, sent.channel, sent.recipient, sent.id)


def wants_none(one: Reader) -> bool:
    """Whether nothing more is sent to the reader."""
    with tenant_scope(one.tenant_id):
        return opted_out(one.channel, one.address)


def stop(one: Reader, now: datetime) -> None:
    """Send the reader nothing more, committed; said again, it is known already. What waits for
    them fails by itself."""
    with tenant_scope(one.tenant_id):
        if opted_out(one.channel, one.address):
            return
        stop_by_link(one.channel, one.address, one.message_id, now)
        db.session.commit()
    _tell(one)


def start(one: Reader, now: datetime) -> None:
    """The reader wants emails again, committed."""
    with tenant_scope(one.tenant_id):
        start_by_link(one.channel, one.address, one.message_id, now)
        db.session.commit()
    _tell(one)


def _tell(one: Reader) -> None:
    """Whoever looks at the customer, if there is one by now."""
    query = select(ContactPoint.customer_id).where(
        ContactPoint.channel == one.channel, ContactPoint.address == one.address
    )
    with tenant_scope(one.tenant_id):
        customer_id = db.session.scalar(query)
    if customer_id is not None:
        live.publish(one.tenant_id, customer_id)
