"""Who stands for a customer who was merged."""

from sqlalchemy import select, tuple_

from app.extensions import db
from app.models import Customer, CustomerMerge


def kept_id(customer_id: int) -> int | None:
    """Of the tenant's customer: into whom they were merged; None: into nobody."""
    query = select(Customer.merged_into_id).where(Customer.id == customer_id)
    return db.session.scalar(query)


def standing(customer: Customer) -> Customer:
    """Who they turned out to be; whoever was not merged stands for themselves."""
    kept = customer.merged_into_id
    return db.session.get_one(Customer, kept) if kept else customer


def taken_apart(one_id: int, other_id: int) -> bool:
    """Whether somebody has said of the two that they are not one person."""
    pair = tuple_(CustomerMerge.kept_id, CustomerMerge.gone_id)
    either = pair.in_([(one_id, other_id), (other_id, one_id)])
    undone = select(CustomerMerge.id).where(either, CustomerMerge.undone_at.is_not(None))
    return db.session.scalar(undone.limit(1)) is not None
