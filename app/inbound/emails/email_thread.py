"""What an email answers, and so whose conversation it belongs to."""

import uuid
from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.extensions import db, settings
from app.inbound.routing import Route
from app.lib.mail.signed_address import Purpose, named
from app.models import ContactPoint, Direction, Message
from app.providers.contract import ReceivedLetter
from app.tenancy import tenant_scope

# Anybody can name any sender; the Message-ID of an email of ours only its reader knows, and the
# address that it is answered to.
NO_ANSWER = {"is_reply": False, "start": False}


def in_thread(route: Route, address: str, letter: ReceivedLetter) -> dict[str, Any]:
    """What the statement is told beside, by what the email answers; never by its subject.

    Whoever is a customer stays in their own conversation, whatever they answer.
    """
    with tenant_scope(route.tenant_id):
        theirs = _at_our_address(route, letter) or _sent_to(letter)
        known, still_theirs = _known(address), theirs is not None and _known(theirs)
        db.session.rollback()
    if theirs is None or not (known or still_theirs):
        return NO_ANSWER
    return {} if known else NO_ANSWER | _of_participant(theirs)


def _of_participant(theirs: str) -> dict[str, Any]:
    """A stranger answers, as a partner or an assistant does: it goes to the customer whom ours was
    sent to. Their address becomes nobody's, and no word of theirs ends messages to the customer."""
    return {"heard": [], "forms": [theirs], "first": "", "last": "", "said": None, "stop": False}


def _known(address: str) -> bool:
    query = select(ContactPoint.id).where(
        ContactPoint.channel == "email", ContactPoint.address == address
    )
    return db.session.scalar(query) is not None


def _at_our_address(route: Route, letter: ReceivedLetter) -> str | None:
    """The address that the email of ours went to whose own address it was sent to."""
    keys = settings().signing_keys
    public_id = named(keys, route.tenant_id, letter.recipients, Purpose)
    query = select(Message.recipient).where(
        Message.public_id == public_id,
        Message.channel == "email",
        Message.direction == Direction.OUTBOUND,
    )
    return db.session.scalar(query) if public_id else None


def _sent_to(letter: ReceivedLetter) -> str | None:
    """The address that the last of our emails went to which it answers."""
    query = select(Message.provider_sid, Message.public_id, Message.recipient).where(
        is_one_of(letter.answers),
        Message.channel == "email",
        Message.direction == Direction.OUTBOUND,
    )
    found: dict[object, str] = {}
    for row in db.session.execute(query):
        found |= dict.fromkeys((row.provider_sid, row.public_id), row.recipient)
    last_first = chain.from_iterable((id_, _random_name(id_)) for id_ in reversed(letter.answers))
    return next((found[name] for name in last_first if name in found), None)


def is_one_of(header_ids: Iterable[str]) -> ColumnElement[bool]:
    """The condition that an email of ours has one of these Message-IDs, as we know it from whom we
    handed it to; or as we made it, where nobody has said that it was taken."""
    ids = list(header_ids)
    names = list(filter(None, map(_random_name, ids)))
    return or_(Message.provider_sid.in_(ids), Message.public_id.in_(names))


def _random_name(header_id: str) -> uuid.UUID | None:
    """Of a message, in the Message-ID that we give it (app/providers/smtp/mail.py)."""
    try:
        return uuid.UUID(header_id.strip("<>").partition("@")[0])
    except ValueError:
        return None
