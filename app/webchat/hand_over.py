"""A visitor who has left is answered by text or by email, where they said how."""

from datetime import datetime

from app.customers.edit_details import BadDetail, add_address
from app.extensions import db
from app.models import ChatSession, ConsentEvent, Customer
from app.outbox.queue.opt_out import refusal

FROM_CHAT = "chat"
NOTHING_LEFT = "They left no {what} in the chat. Ask them for one while they are there."


def left(session: ChatSession) -> dict[str, str]:
    """By channel, how they said that they can be reached: typed, and verified by nobody."""
    typed = {"sms": session.typed_phone, "email": session.typed_email}
    return {channel: address for channel, address in typed.items() if address}


def hand_over(
    customer: Customer, session: ChatSession, channel: str, country: str, now: datetime
) -> None:
    """The address is one of the customer's from now on, and the ledger says that they gave it to be
    answered there. Commits. Raises BadDetail where they gave none, where it is somebody else's
    (whom staff would have to bring together), or where nothing may be sent there.
    """
    address = left(session).get(channel)
    if address is None:
        what = "email address" if channel == "email" else "number"
        raise BadDetail(NOTHING_LEFT.format(what=what))
    if stopped := refusal(channel, address):
        raise BadDetail(stopped)
    known = {(each.channel, each.address) for each in customer.contact_points}
    if (channel, address) in known:
        return
    add_address(customer, address, country)
    db.session.add(
        ConsentEvent(channel=channel, address=address, said="start", source=FROM_CHAT, at=now)
    )
    db.session.commit()
