"""Who stands for a customer who was merged."""

from app.extensions import db
from app.models import Customer


def standing(customer: Customer) -> Customer:
    """Who they turned out to be; whoever was not merged stands for themselves."""
    kept = customer.merged_into_id
    return db.session.get_one(Customer, kept) if kept else customer
