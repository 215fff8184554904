"""An advisory lock: whoever changes many appointments of a business in one transaction is alone."""

from sqlalchemy import func, select

from app.extensions import db
from app.tenancy import current_tenant_id

# Of advisory locks; any number that nothing else here uses.
MANY_APPOINTMENTS = 4711


def take_bulk_lock() -> None:
    """Wait for whoever else does it, and keep others waiting until the transaction ends.

    Each locks the rows in an order of its own (a file's, an index's), in which two would wait for
    one another for ever; and two who read the same file would both miss what the other makes.
    """
    lock = func.pg_advisory_xact_lock(MANY_APPOINTMENTS, current_tenant_id())
    db.session.execute(select(lock))
