"""Whether whoever looks (app/row_security/visibility.py) sees the conversation with a customer."""

from sqlalchemy import func, select

from app.extensions import db
from app.row_security.visibility import viewer


def is_hidden(customer_id: int) -> bool:
    """Whether there is one that they do not see; nobody asks the database for whoever sees all."""
    if viewer() is None:
        return False
    return not db.session.scalar(select(func.customer_seen(customer_id)))
