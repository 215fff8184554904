"""Undoes a merge: each has what was theirs, and what came to their own addresses since."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app.customers.lock_customer import lock_customer
from app.customers.merging import consents, two_conversations
from app.customers.merging.changed import change_back
from app.customers.merging.names_customers import Named, moving, rename
from app.customers.merging.one_person import CannotMerge, tell
from app.extensions import db
from app.lib.telephone.phone import variants
from app.models import (
    Appointment,
    ButtonTap,
    Call,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerMergePart,
    Message,
    Notification,
    ScheduledMessage,
)
from app.tenancy import current_tenant_id

UNDONE_WITHIN = timedelta(days=30)
UNDONE = "That has been undone already."
TOO_LATE = "A merge can be undone for 30 days, and this one is older."
LATER_FIRST = "They were merged with somebody else since. Undo that first."


def why_not(merge: CustomerMerge, now: datetime) -> str | None:
    """Why it cannot be undone; None: it can."""
    if merge.undone_at:
        return UNDONE
    if now - merge.at > UNDONE_WITHIN:
        return TOO_LATE
    later = CustomerMerge.id > merge.id, CustomerMerge.undone_at.is_(None)
    touched = or_(CustomerMerge.kept_id == merge.kept_id, CustomerMerge.gone_id == merge.kept_id)
    newer = select(CustomerMerge.id).where(*later, touched)
    return LATER_FIRST if db.session.scalar(newer.limit(1)) else None


def merges_of(customer: Customer, now: datetime) -> list[tuple[CustomerMerge, str | None]]:
    """Of the customer as the kept one, which stand, the latest first; each with why it cannot be
    undone."""
    standing = CustomerMerge.kept_id == customer.id, CustomerMerge.undone_at.is_(None)
    query = select(CustomerMerge).where(*standing).order_by(CustomerMerge.id.desc())
    return [(each, why_not(each, now)) for each in db.session.scalars(query).all()]


def take_apart(merge: CustomerMerge, now: datetime) -> None:
    """Part of the caller's transaction, which holds both from here on. Raises CannotMerge, and
    OperationalError where others hold them."""
    for id_ in sorted((merge.kept_id, merge.gone_id)):
        lock_customer(id_)
    db.session.refresh(merge)
    if reason := why_not(merge, now):
        raise CannotMerge(reason)
    kept, gone = (db.session.get_one(Customer, id_) for id_ in (merge.kept_id, merge.gone_id))
    gone.merged_into_id = None
    db.session.flush()
    _move_back(merge)
    _follow(merge)
    change_back(merge.changed, kept)
    two_conversations.apart(kept.id, gone.id, merge.changed["talks"], merge.at)
    consents.as_before(merge.changed["stopped"], now)
    merge.undone_at = now
    db.session.flush()
    # By their name, too, which did not change.
    db.session.execute(select(func.index_customer(current_tenant_id(), gone.id)))
    tell(merge, kept, "merge_undone")


def _move_back(merge: CustomerMerge) -> None:
    by_name = {(each.kind.__tablename__, each.name): each for each in moving()}
    parts = select(CustomerMergePart).where(CustomerMergePart.merge_id == merge.id)
    for part in db.session.scalars(parts).all():
        named = by_name[part.table_name, part.column_name]
        _give(named, merge, named.kind.id.in_(part.ids))


def _give(named: Named, merge: CustomerMerge, which: ColumnElement[bool]) -> None:
    """What has been given to somebody else since stays there."""
    rename(named, merge.gone_id, named.column == merge.kept_id, which)


def _follow(merge: CustomerMerge) -> None:
    """What came since goes with the address that it came to or from, and with the appointment or
    message that it is about."""
    forms = _forms(merge.gone_id)
    theirs = select(Message.id).where(Message.customer_id == merge.gone_id)
    for kind, which in (
        (Message, or_(Message.sender.in_(forms), Message.recipient.in_(forms))),
        (Call, Call.caller.in_(forms)),
        (ScheduledMessage, ScheduledMessage.recipient.in_(forms)),
        (ButtonTap, ButtonTap.message_id.in_(theirs)),
        (Notification, _about(merge.gone_id)),
    ):
        _give(Named(kind, "customer_id"), merge, which)


def _forms(customer_id: int) -> Sequence[str]:
    points = select(ContactPoint.address).where(ContactPoint.customer_id == customer_id)
    return [form for address in db.session.scalars(points) for form in variants(address)]


def _about(customer_id: int) -> ColumnElement[bool]:
    booked = select(Appointment.id).where(Appointment.customer_id == customer_id)
    rang = select(Call.id).where(Call.customer_id == customer_id)
    said = select(Message.id).where(Message.customer_id == customer_id)
    return or_(
        Notification.appointment_id.in_(booked),
        Notification.call_id.in_(rang),
        Notification.message_id.in_(said),
    )
