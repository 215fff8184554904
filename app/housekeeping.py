"""Deletes what is long over, some at a time, so that nobody waits for it."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select

from app.extensions import db
from app.lib import shutdown
from app.rows.chosen_once import chosen_once
from app.tenancy import key_of, unscoped

AT_ONCE = 10_000


def delete_old(kind: type[Any], which: ColumnElement[bool], at_once: int = AT_ONCE) -> None:
    """The rows of all tenants for which that holds, each batch committed; whoever is asked to end
    leaves the rest to the next time."""
    old = select(*key_of(kind)).where(which).limit(at_once).with_for_update(skip_locked=True)
    some = delete(kind).where(key_of(kind).in_(chosen_once(old))).returning(kind.id)
    with unscoped("rows of all tenants grow old"):
        while not shutdown.requested():
            gone = db.session.scalars(some.execution_options(synchronize_session=False)).all()
            db.session.commit()
            if len(gone) < at_once:
                return
