"""A visitor's session: one browser that chats, by a token that only it has."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select

from app import live
from app.extensions import db
from app.housekeeping import delete_old
from app.lib.keyed_hash import hashed
from app.models import ChatSession, ContactPoint
from app.streams import pubsub
from app.webchat.visitor_identity import Identity

# So long after it was last used it is over, whatever the browser holds.
IDLE = timedelta(days=30)
# Who has not been there for so long, and has written nothing, leaves nothing.
ONLY_TRIED = timedelta(days=1)
# How exactly it is known when it was last used.
SEEN_EVERY = timedelta(seconds=30)
LONGEST_URL, LONGEST_TITLE = 500, 200


@dataclass(frozen=True)
class About:
    """What a browser says of itself."""

    language: str = "en"
    ip: str = ""


def begin(identity: Identity | None, about: About, now: datetime) -> tuple[ChatSession, str]:
    """A new one, and its token, for the browser alone to keep. The caller commits."""
    token = secrets.token_urlsafe(32)
    session = ChatSession(
        address=identity.address if identity else f"v-{secrets.token_hex(16)}",
        token_hash=hashed(token),
        identity=identity.subject if identity else None,
        name=identity.name if identity else "",
        language=about.language,
        ip=about.ip,
        created_at=now,
        last_seen_at=now,
        expires_at=identity.ends_at if identity else None,
    )
    db.session.add(session)
    db.session.flush()
    return session, token


def prolong(session: ChatSession, identity: Identity) -> bool:
    """Whether it is that person's, and so holds as long as what proves it anew. The caller
    commits."""
    if session.identity != identity.subject:
        return False
    session.expires_at = max(session.expires_at or identity.ends_at, identity.ends_at)
    session.name = identity.name or session.name
    return True


def find(token: str, now: datetime) -> ChatSession | None:
    """Whose token it is; None where it is nobody's, or over."""
    query = select(ChatSession).where(
        ChatSession.token_hash == hashed(token),
        ChatSession.ended_at.is_(None),
        ChatSession.last_seen_at > now - IDLE,
        or_(ChatSession.expires_at.is_(None), ChatSession.expires_at > now),
    )
    return db.session.scalar(query)


def seen(session: ChatSession, ip: str, now: datetime) -> None:
    """It is used, from there; written down now and then. The caller commits."""
    if now - session.last_seen_at > SEEN_EVERY or session.ip != ip:
        session.last_seen_at, session.ip = now, ip


def end(session: ChatSession, now: datetime) -> None:
    """Its token opens nothing any more, and its streams end. The caller commits."""
    session.ended_at = now
    live.end_streams(pubsub.visitor(session.id))


def of_late(most: int = 10) -> list[ChatSession]:
    """The last who have written something, the latest first."""
    wrote = select(ContactPoint.address).where(ContactPoint.channel == "webchat")
    mine = select(ChatSession).where(ChatSession.address.in_(wrote))
    return list(db.session.scalars(mine.order_by(ChatSession.last_seen_at.desc()).limit(most)))


def forget(now: datetime) -> None:
    """Delete what has been over for as long as it can have lasted, and who has only tried it."""
    delete_old(ChatSession, ChatSession.last_seen_at < now - 2 * IDLE)
    wrote = exists().where(
        ContactPoint.tenant_id == ChatSession.tenant_id,
        ContactPoint.channel == "webchat",
        ContactPoint.address == ChatSession.address,
    )
    delete_old(ChatSession, (ChatSession.last_seen_at < now - ONLY_TRIED) & ~wrote)


def forget_of(customer_id: int) -> None:
    """Delete the customer's, and what they have typed there: they are one no more. The caller
    commits."""
    theirs = select(ContactPoint.address).filter_by(channel="webchat", customer_id=customer_id)
    for session in db.session.scalars(select(ChatSession).where(ChatSession.address.in_(theirs))):
        live.end_streams(pubsub.visitor(session.id))
        db.session.delete(session)
