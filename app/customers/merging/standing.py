"""Who stands for a customer who was merged."""

from sqlalchemy import select

from app.extensions import db
from app.models import Customer


def kept_id(customer_id: int) -> int | None:
    """Of the tenant's customer: into whom they were merged; None: into nobody."""
    query = select(Customer.merged_into_id).where(Customer.id == customer_id)
    return db.session.scalar(query)


def standing(customer: Customer) -> Customer:
    """Who they turned out to be; whoever was not merged stands for themselves."""
    kept = customer.merged_into_id
    return db.session.get_one(Customer, kept) if kept else customer
