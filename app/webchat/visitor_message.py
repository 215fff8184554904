"""What a visitor writes, from the panel into the inbox: once, however often it is posted."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app import live
from app.channels import CHANNELS
from app.extensions import db
from app.inbound.receive import receive
from app.inbound.routing import Route
from app.lib.text.cleaning import clean, shows
from app.models import ChatSession, ContactPoint, Customer, Message
from app.providers.contract import File, Received
from app.streams import pubsub
from app.tenancy import current_tenant_id
from app.webchat.abuse.block_list import is_blocked
from app.webchat.visitor_refused import VisitorRefused, Why

CHANNEL = CHANNELS["webchat"]
LONGEST = 4000


@dataclass(frozen=True)
class Posted:
    id: int
    at: datetime
    fresh: bool = True
    """Whether it was not there before."""


def post(
    route: Route,
    session: ChatSession,
    body: str,
    client_token: str,
    now: datetime,
    files: tuple[File, ...] = (),
) -> Posted:
    """Let it in as the visitor's message, committed, and tell the inbox. The same client_token is
    the same message. Raises VisitorRefused.

    Who is on the block list is told the same, and nothing is stored.
    """
    text = clean(body).replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise VisitorRefused(Why.TOO_LONG)
    if not shows(text) and not files:
        raise VisitorRefused(Why.EMPTY)
    if is_blocked(session.address, session.ip):
        return Posted(_next_id(), now)
    _meet(session)
    sid = _sid(session, client_token)
    received = Received(sid, session.address, (), route.slug, session.name, text, (), files=files)
    # No carrier's account vouches for it: its STOP stands beside that of a link.
    fresh = receive(replace(route, account_sid="", own=False), CHANNEL, received, now)
    if fresh:
        _call_by_identity(session)
        _tell_own_streams(session)
    return _posted(sid, text, fresh)


def customer_id(session: ChatSession) -> int | None:
    """Whose conversation it is; None: nothing was written yet."""
    return db.session.scalar(
        select(ContactPoint.customer_id).where(
            ContactPoint.channel == CHANNEL.key, ContactPoint.address == session.address
        )
    )


def _sid(session: ChatSession, client_token: str) -> str:
    """What the message is called for ever: of one visitor and token the same."""
    token = client_token or secrets.token_hex(16)
    named = hashlib.sha256(f"{session.address}\n{token}".encode()).hexdigest()
    return f"chat-{named[:40]}"


def _posted(sid: str, text: str, fresh: bool) -> Posted:
    query = select(Message.id, Message.created_at, Message.body)
    id_, at, said = db.session.execute(query.where(Message.provider_sid == sid)).one()
    if not fresh and said != text:
        raise VisitorRefused(Why.ANOTHER_TEXT)
    return Posted(id_, at, fresh)


def _next_id() -> int:
    """Such as the message would have had."""
    return (db.session.scalar(select(func.max(Message.id))) or 0) + 1


def _meet(session: ChatSession) -> None:
    """Whom the site has signed in is the customer whom the business calls so, if there is one;
    committed. What is typed leads to nobody."""
    if session.identity is None:
        return
    standing = func.coalesce(Customer.merged_into_id, Customer.id)
    called = select(standing).where(Customer.external_id == session.identity)
    if (known := db.session.scalar(called)) is None:
        return
    point = insert(ContactPoint).values(
        tenant_id=current_tenant_id(),
        customer_id=known,
        channel=CHANNEL.key,
        address=session.address,
    )
    db.session.execute(point.on_conflict_do_nothing())
    db.session.commit()


def _tell_own_streams(session: ChatSession) -> None:
    """Those that were opened before there was a conversation hear of it from now on."""
    if (who := customer_id(session)) is not None:
        live.publish(current_tenant_id(), pubsub.begun(session.id, who))


def _call_by_identity(session: ChatSession) -> None:
    """Whom the site has signed in and nobody knew is met again by an import."""
    if session.identity is None:
        return
    new = update(Customer).where(
        Customer.id == customer_id(session), Customer.external_id.is_(None)
    )
    try:
        db.session.execute(
            new.values(external_id=session.identity).execution_options(synchronize_session=False)
        )
        db.session.commit()
    except IntegrityError:
        # An import has made somebody of that name this moment; staff see to it.
        db.session.rollback()
