"""What an email answers, and so whose conversation it belongs to."""

from typing import Any

from sqlalchemy import select

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
    query = select(Message.provider_sid, Message.recipient).where(
        Message.provider_sid.in_(letter.answers),
        Message.channel == "email",
        Message.direction == Direction.OUTBOUND,
    )
    found = {row.provider_sid: row.recipient for row in db.session.execute(query)}
    return next((found[id_] for id_ in reversed(letter.answers) if id_ in found), None)
