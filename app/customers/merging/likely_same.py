"""Who is probably the same person, and why: for people to decide, who see each reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.inbox.customer_search import FoundCustomer, clauses, named
from app.lib.telephone.phone import variants
from app.models import ChatSession, ContactPoint, Customer, CustomerMerge, IdentityLink
from app.search.clauses import forgiving
from app.search.found_customers import ids

# Of 100: a letter or two in a name of usual length.
ALIKE = 88
MOST = 50
SAME_NAME = "The same name."
NEARLY = "Nearly the same name."
NUMBER = "The same number, written in another way."
MAILBOX = "The same mailbox, as dots and what follows a + count for nothing there."
CARRIER = "One message came with the address of both, as its carrier says."
TYPED = "One typed the other’s address in the live chat, which proves nothing."
# https://support.google.com/mail/answer/7436150
WITHOUT_DOTS = {"gmail.com", "googlemail.com"}


class Likely(NamedTuple):
    customer: FoundCustomer
    reasons: list[str]


def likely_same(customer: Customer) -> list[Likely]:
    """Others of the tenant in scope, those with the most reasons first. Nobody with whom the
    customer was merged and taken apart again, and nobody of their family."""
    why: dict[int, list[str]] = defaultdict(list)
    for id_, reason in _found(customer):
        if reason not in why[id_]:
            why[id_].append(reason)
    others = named(set(why) - _known_apart(customer))
    most_first = sorted(others, key=lambda id_: (-len(why[id_]), id_))
    return [Likely(others[id_], why[id_]) for id_ in most_first[:MOST]]


def likely_pairs() -> list[tuple[FoundCustomer, FoundCustomer, str]]:
    """Two and two of the tenant in scope: of the same name, or by what one typed."""
    pairs = dict.fromkeys((*_same_names(), *_typed(None)))
    both = [(first, other, reason) for first, other, reason in pairs if first != other][:MOST]
    who = named({id_ for first, other, _ in both for id_ in (first, other)})
    apart = _apart(or_(CustomerMerge.kept_id.in_(who), CustomerMerge.gone_id.in_(who)))
    return [
        (who[first], who[other], reason)
        for first, other, reason in both
        if {first, other} <= who.keys() and frozenset((first, other)) not in apart
    ]


def _found(customer: Customer) -> Iterator[tuple[int, str]]:
    yield from _of_like_name(customer)
    addresses = [point.address for point in customer.contact_points]
    forms = {form for address in addresses for form in variants(address)} - set(addresses)
    same = ContactPoint.address.in_([*forms, *addresses]), ContactPoint.customer_id != customer.id
    for id_ in db.session.scalars(select(ContactPoint.customer_id).where(*same)):
        yield id_, NUMBER
    yield from ((id_, CARRIER) for id_ in _of_carrier(customer))
    for address in addresses:
        if "@" in address:
            yield from ((id_, MAILBOX) for id_ in _of_mailbox(address))
    for first, other, reason in _typed(customer.id):
        yield (other if first == customer.id else first), reason


def _of_like_name(customer: Customer) -> Iterator[tuple[int, str]]:
    if not (customer.first_name and customer.last_name):
        return
    sought = clauses(customer.name)
    found = {*ids(sought), *ids(forgiving(sought))} - {customer.id}
    names = select(Customer.id, Customer.folded).where(Customer.id.in_(found))
    for id_, folded in db.session.execute(names):
        alike = fuzz.token_sort_ratio(customer.folded or "", folded or "")
        if alike >= ALIKE:
            yield id_, SAME_NAME if alike == 100 else NEARLY


def _of_carrier(customer: Customer) -> Iterable[int]:
    """Whom its webhooks named beside them, and who could not be joined by that."""
    owned = (
        ContactPoint.channel == IdentityLink.channel,
        ContactPoint.address == IdentityLink.address,
    )
    both = select(IdentityLink.customer_id, ContactPoint.customer_id).join(
        ContactPoint, and_(*owned)
    )
    either = or_(IdentityLink.customer_id == customer.id, ContactPoint.customer_id == customer.id)
    return {id_ for pair in db.session.execute(both.where(either)) for id_ in pair} - {customer.id}


def _of_mailbox(address: str) -> list[int]:
    local, _, _ = _mailbox(address).partition("@")
    begins = ids([[f"e{local[:3]}*"]]) if len(local) >= 3 else []
    points = select(ContactPoint.customer_id, ContactPoint.address).where(
        ContactPoint.customer_id.in_(begins), ContactPoint.channel == "email"
    )
    same = _mailbox(address)
    return [
        id_
        for id_, other in db.session.execute(points)
        if other != address and _mailbox(other) == same
    ]


def _mailbox(address: str) -> str:
    local, _, host = address.lower().partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if host in WITHOUT_DOTS else local}@{host}"


def _typed(customer_id: int | None) -> Iterable[tuple[int, int, str]]:
    """Who typed in the live chat what is somebody else's."""
    visitor, owner = aliased(ContactPoint), aliased(ContactPoint)
    typed = owner.address.in_((ChatSession.typed_email, ChatSession.typed_phone))
    query = (
        select(visitor.customer_id, owner.customer_id)
        .join(ChatSession, ChatSession.address == visitor.address)
        .join(owner, and_(typed, owner.customer_id != visitor.customer_id))
        .where(visitor.channel == "webchat")
        .limit(MOST)
    )
    if customer_id:
        either = visitor.customer_id == customer_id, owner.customer_id == customer_id
        query = query.where(or_(*either))
    return [(first, other, TYPED) for first, other in db.session.execute(query)]


def _same_names() -> Iterable[tuple[int, int, str]]:
    whole = Customer.first_name != "", Customer.last_name != "", Customer.merged_into_id.is_(None)
    every = func.array_agg(Customer.id.distinct())
    query = select(every).where(*whole).group_by(Customer.folded).having(func.count() > 1)
    for same in db.session.scalars(query.limit(MOST)):
        first, *others = sorted(same)
        yield from ((first, other, SAME_NAME) for other in others)


def _known_apart(customer: Customer) -> set[int]:
    family = select(Customer.id).where(Customer.reached_through_id == customer.id)
    own = {customer.id, customer.reached_through_id, *db.session.scalars(family)}
    theirs = or_(CustomerMerge.kept_id == customer.id, CustomerMerge.gone_id == customer.id)
    return {id_ for pair in _apart(theirs) for id_ in pair} | {id_ for id_ in own if id_}


def _apart(whose: ColumnElement[bool]) -> set[frozenset[int]]:
    """Whom somebody has taken apart again."""
    undone = select(CustomerMerge.kept_id, CustomerMerge.gone_id).where(
        whose, CustomerMerge.undone_at.is_not(None)
    )
    return {frozenset(pair) for pair in db.session.execute(undone)}
