"""Takes all rows that name somebody, in one transaction: before it they are there whole, and after
it nothing of them is."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from app.appointments.attendance import let_go
from app.customers.lock_customer import lock_customer
from app.extensions import db
from app.inbound import erased_messages
from app.models import AuditEntry, Customer, Message, MessageCount
from app.privacy import kept_opt_outs, of_many, transitions
from app.privacy.person import Person, person
from app.privacy.personal_data import PERSONAL
from app.privacy.transitions import Held
from app.privacy.under_way import under_way
from app.webchat import visitor_sessions

BUSY = "Somebody works on what is theirs. They are erased in a moment."


class NotYet(Exception):
    """Something of theirs is under way; the text says what, for staff."""


def forget_rows(held: Held, now: datetime) -> None:
    """Commits. Raises NotYet, with nothing done."""
    try:
        lock_customer(held.customer_id)
    except OperationalError as error:
        if error.connection_invalidated:
            raise
        raise NotYet(BUSY) from None
    customer = db.session.get(Customer, held.customer_id)
    if customer is None:
        # Deleted by hand meanwhile: what is known by its id alone is still looked for.
        _forget(held, Person(held.customer_id, (), ()), now, 0)
        return
    who = person(customer)
    if why := under_way(who):
        raise NotYet(why)
    # What the reports count goes on being counted (migration 0068).
    db.session.execute(select(func.set_config("app.archived", "on", True)))
    let_go(customer, now)
    erased_messages.remember(who.id, now)
    visitor_sessions.forget_of(who.id)
    _forget(held, who, now, kept_opt_outs.keep(who))


def _forget(held: Held, who: Person, now: datetime, kept: int) -> None:
    db.session.flush()
    gone = counted(who)
    _lessen_total(who)
    of_many.forget(who)
    for kind, trace in reversed(list(PERSONAL.items())):
        if not trace.cascades:
            _run(delete(kind).where(trace.which(who)))
    _run(delete(Customer).where(Customer.id == who.id))
    transitions.forgotten(held, who.words, gone, kept)
    db.session.commit()


def counted(who: Person) -> dict[str, int]:
    """How many rows of theirs there are, by table; none of what only repeats others."""
    found = {
        kind.__tablename__: db.session.scalar(
            select(func.count()).select_from(kind).where(trace.which(who))
        )
        or 0
        for kind, trace in PERSONAL.items()
        if trace.title and kind is not AuditEntry
    }
    return {name: many for name, many in found.items() if many}


def _lessen_total(who: Person) -> None:
    """What the days had stays, as with archived messages; the conversation is ours by now."""
    theirs = select(Message.channel, Message.direction).where(Message.customer_id == who.id)
    for (channel, way), many in sorted(Counter(map(tuple, db.session.execute(theirs))).items()):
        _run(MessageCount.remove_old(channel, way, many))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
