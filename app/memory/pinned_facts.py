"""Pins facts to a customer, changes them and takes them off, each in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, func, select

from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.models import Customer, PinnedFact, User
from app.prepared import Prepared, Question, given

LONGEST = 200
# What is more nobody reads before somebody comes.
MOST = 12
GONE = "It is not pinned any more: a colleague took it off."


class NotPinned(ValueError):
    """It cannot be pinned, or is not as it was seen; says so in a person's words."""


class Pinned(NamedTuple):
    """As the columns of PinnedFact."""

    id: int
    fact: str
    at: datetime
    version: int
    who: str | None
    """None: somebody who is gone."""


def asked_pinned(customer_id: int) -> Question[Sequence[Pinned]]:
    """The first that was pinned first."""
    return _PINNED.question(tuple, customer_id=customer_id)


def pinned(customer_id: int) -> Sequence[Pinned]:
    return asked_pinned(customer_id).answer


def pin(customer_id: int, text: str, user_id: int | None, at: datetime) -> None:
    """What is there already stays as it is. Raises NotPinned."""
    fact = _short(text)
    # Of two at once the second waits, and finds what the first pinned.
    held = select(Customer.id).where(Customer.id == customer_id).with_for_update(key_share=True)
    if db.session.scalar(held) is None:
        raise NotPinned(GONE)
    there = [each.fact for each in pinned(customer_id)]
    if fact in there:
        return
    if len(there) >= MOST:
        raise NotPinned(f"{MOST} facts are pinned, which is as many as anybody reads. Unpin one.")
    db.session.add(PinnedFact(customer_id=customer_id, fact=fact, user_id=user_id, at=at))


def change(fact: PinnedFact, text: str, seen: int, user_id: int | None, at: datetime) -> None:
    """seen: the version that they changed. Raises NotPinned where a colleague was first."""
    new, row = _short(text), _as_seen(fact, seen)
    if new == row.fact:
        return
    same = select(PinnedFact.id).where(PinnedFact.customer_id == row.customer_id)
    if db.session.scalar(same.where(PinnedFact.fact == new)) is not None:
        raise NotPinned("The same is pinned already. Unpin one of the two.")
    row.fact, row.user_id, row.at, row.version = new, user_id, at, seen + 1


def unpin(fact: PinnedFact, seen: int) -> None:
    """Likewise."""
    db.session.delete(_as_seen(fact, seen))


def _as_seen(fact: PinnedFact, seen: int) -> PinnedFact:
    """The row, held until the end of the transaction."""
    held = select(PinnedFact).where(PinnedFact.id == fact.id).with_for_update()
    row = db.session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotPinned(GONE)
    if row.version != seen:
        raise NotPinned(f"A colleague changed it meanwhile to “{row.fact}”. Look, then save again.")
    return row


def _short(text: str) -> str:
    fact = one_line(clean(text))
    if not shows(fact):
        raise NotPinned("Write what everybody should know.")
    if len(fact) > LONGEST:
        raise NotPinned(
            f"It has {len(fact):,} characters; {LONGEST} are kept. Write a note for more."
        )
    return fact


_PINNED = Prepared(
    Pinned,
    select(
        *(PinnedFact.id, PinnedFact.fact, PinnedFact.at, PinnedFact.version),
        func.coalesce(func.nullif(User.name, ""), User.email),
    )
    .outerjoin(User, User.id == PinnedFact.user_id)
    .where(PinnedFact.customer_id == given("customer_id", Integer()))
    .order_by(PinnedFact.id)
    .limit(MOST),
)
