"""What staff promise a customer: kept in sight until it is done, and told of when it is due.

A conversation in which something is promised waits for us from then on, whatever is answered
meanwhile. Done, or closing it, puts it away, and it is back when the promise is due.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, func, select

from app import live
from app.extensions import db
from app.inbox import conversation_transitions as transitions
from app.inbox.team import notices
from app.lib.text.cleaning import clean, one_line, shows
from app.models import Conversation, Promise, User
from app.prepared import Prepared, Question, given
from app.tenancy import tenant_scope, unscoped

CALL_BACK = "Call back"
LONGEST, MOST, BATCH = 200, 10, 200


class BadPromise(ValueError):
    """It cannot be promised so; says so in a person's words."""


class OpenPromise(NamedTuple):
    """As the columns of Promise."""

    id: int
    what: str
    due_at: datetime
    who: str | None
    """None: somebody who is gone."""


def asked_open(customer_id: int) -> Question[Sequence[OpenPromise]]:
    """Those that are not done, the first due first."""
    return _OPEN.question(tuple, customer_id=customer_id)


def promise(
    customer_id: int, due_at: datetime, user_id: int | None, at: datetime, what: str = ""
) -> bool:
    """In the caller's transaction; whether it is new. Raises BadPromise."""
    said = _said(what)
    if due_at <= at:
        raise BadPromise("That time is over already. Choose a later one.")
    # Of two at once the second waits, and finds what the first promised.
    held = select(Conversation.id).where(Conversation.customer_id == customer_id)
    if db.session.scalar(held.with_for_update(key_share=True)) is None:
        raise BadPromise("Nothing was said with them yet. Write to them first.")
    there = asked_open(customer_id).answer
    if any((each.what, each.due_at) == (said, due_at) for each in there):
        return False
    if len(there) >= MOST:
        raise BadPromise(f"{MOST} promises are open. Do one first.")
    new = {"customer_id": customer_id, "what": said, "due_at": due_at, "made_at": at}
    db.session.add(Promise(user_id=user_id, **new))
    db.session.execute(transitions.promise(Conversation.customer_id == customer_id, at))
    return True


def done(row: Promise, at: datetime) -> bool:
    """In the caller's transaction; whether it was open. A conversation that waits for nothing else
    waits no more."""
    again = select(Promise).where(Promise.id == row.id).with_for_update()
    held = db.session.scalar(again.execution_options(populate_existing=True))
    if held is None or held.done_at:
        return False
    held.done_at = at
    db.session.flush()
    if not asked_open(held.customer_id).answer:
        kept = transitions.keep_promise(held.customer_id, held.made_at)
        db.session.execute(kept)
    return True


def remind(now: datetime) -> int:
    """Tell those who see to it of what is due, of all businesses, each once; how many. Committed,
    each business on its own."""
    due = (Promise.done_at.is_(None), Promise.reminded_at.is_(None), Promise.due_at <= now)
    with unscoped("promises of all tenants fall due"):
        some = select(Promise.tenant_id).where(*due).order_by(Promise.due_at).limit(BATCH)
        tenants = sorted(set(db.session.scalars(some)))
        db.session.rollback()
    total = 0
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            query = select(Promise).where(*due).order_by(Promise.due_at).limit(BATCH)
            rows = db.session.scalars(query.with_for_update(skip_locked=True)).all()
            customers = [_remind(row, now) for row in rows]
            db.session.commit()
        for customer_id in customers:
            live.publish(tenant_id, customer_id)
        live.publish(tenant_id, live.NOTICES)
        total += len(customers)
    return total


def _remind(row: Promise, now: datetime) -> int:
    row.reminded_at = now
    theirs = Conversation.customer_id == row.customer_id
    db.session.execute(transitions.promise(theirs, row.due_at))
    assignee = db.session.scalar(select(Conversation.assignee_id).where(theirs))
    if whose := assignee or row.user_id:
        notices.promised(whose, row.customer_id, now)
    return row.customer_id


def _said(what: str) -> str:
    said = one_line(clean(what))
    if len(said) > LONGEST:
        raise BadPromise(f"It has {len(said):,} characters; {LONGEST} are kept. Shorten it.")
    return said if shows(said) else CALL_BACK


_OPEN = Prepared(
    OpenPromise,
    select(
        *(Promise.id, Promise.what, Promise.due_at),
        func.coalesce(func.nullif(User.name, ""), User.email),
    )
    .outerjoin(User, User.id == Promise.user_id)
    .where(Promise.customer_id == given("customer_id", Integer()), Promise.done_at.is_(None))
    .order_by(Promise.due_at, Promise.id)
    .limit(MOST),
)
