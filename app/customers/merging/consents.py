"""What two rows said about messages, once they are one person: the stricter holds.

Who wants none at one of their addresses is written to at no other address of that channel either.
"""

from datetime import datetime

from sqlalchemy import select

from app.customers.address_consent import consent
from app.extensions import db
from app.lib.telephone.phone import variants
from app.models import ConsentEvent, Customer
from app.outbox.queue import opt_out


def at_risk(kept: Customer, gone: Customer) -> list[tuple[str, str]]:
    """The (channel, address) of either where messages would end."""
    known = {
        (each.channel, each.address): each.stopped for who in (kept, gone) for each in consent(who)
    }
    ended = {channel for (channel, _), stopped in known.items() if stopped}
    return [place for place, stopped in known.items() if place[0] in ended and not stopped]


def stricter(kept: Customer, gone: Customer, now: datetime) -> list[int]:
    """Ends messages there; the ids of what the ledger has of it. Before rows move."""
    for channel, address in at_risk(kept, gone):
        for form in variants(address):
            opt_out.stop_as_told(channel, form, opt_out.MERGE, now)
    db.session.flush()
    ours = ConsentEvent.source == opt_out.MERGE, ConsentEvent.at == now
    return list(db.session.scalars(select(ConsentEvent.id).where(*ours)))


def as_before(event_ids: list[int], now: datetime) -> None:
    """They may be written to there again, unless something was said there since."""
    said = select(ConsentEvent).where(ConsentEvent.id.in_(event_ids))
    for event in db.session.scalars(said).all():
        opt_out.take_back_told(event, now)
