"""The link in an automatic email by which its reader wants no more, and the way back.

Mail programs show a button for it and press it themselves (RFC 8058). The link names the message,
and so the address that it went to; whoever has the email may use it.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from sqlalchemy import delete, select

from app import live
from app.extensions import db, settings
from app.models import ConsentEvent, Direction, Message, OptOut, Tenant
from app.outbox.consent import opted_out, write_down_stop
from app.outbox.content import Content
from app.tenancy import tenant_scope, unscoped

LINK = "link"
# Styles stand in it, as mail programs drop style sheets.
FOOT = (
    '<p style="margin:32px 0 0;font-size:13px;opacity:0.7">'
    '<a href="{url}" style="color:inherit">{called}</a></p>'
)


@dataclass(frozen=True)
class Reader:
    """To whom an email went."""

    tenant_id: int
    customer_id: int
    message_id: int
    channel: str
    address: str
    business: str


def url(public_id: uuid.UUID) -> str:
    """Where the reader of the message says that they want no more."""
    return f"{settings().public_url}/unsubscribe/{public_id}"


def offered(content: Content, link: str) -> Content:
    """The content with the link below its HTML, if it is called something."""
    if content.html is None or not content.unsubscribe:
        return content
    foot = FOOT.format(url=escape(link), called=escape(content.unsubscribe))
    return replace(content, html=f"{content.html}\n{foot}")


def reader(public_id: uuid.UUID) -> Reader | None:
    """Whose link it is; None: nobody's."""
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
    return Reader(sent.tenant_id, sent.customer_id, sent.id, sent.channel, sent.recipient, business)


def wants_none(one: Reader) -> bool:
    """Whether nothing more is sent to the reader."""
    with tenant_scope(one.tenant_id):
        return opted_out(one.channel, one.address)


def stop(one: Reader, now: datetime) -> None:
    """Send the reader nothing more, committed; said again, it is known already. What waits for
    them fails by itself."""
    if wants_none(one):
        return
    with tenant_scope(one.tenant_id):
        write_down_stop(one.channel, one.address, LINK, one.message_id, now)
        db.session.commit()
    live.publish(one.tenant_id, one.customer_id)


def start(one: Reader, now: datetime) -> None:
    """The reader wants emails again, committed."""
    with tenant_scope(one.tenant_id):
        ended = delete(OptOut).where(OptOut.channel == one.channel, OptOut.address == one.address)
        if db.session.execute(ended.returning(OptOut.address)).one_or_none():
            said = {"channel": one.channel, "address": one.address, "said": "start"}
            event = ConsentEvent(**said, source=LINK, message_id=one.message_id, at=now)
            db.session.add(event)
        db.session.commit()
    live.publish(one.tenant_id, one.customer_id)
