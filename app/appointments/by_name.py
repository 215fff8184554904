"""Services and staff members are known by their names."""

from typing import TypeVar

from sqlalchemy import func, select

from app.extensions import db
from app.models import Service, StaffMember

Named = TypeVar("Named", Service, StaffMember)


def by_name(kind: type[Named], name: str) -> Named | None:
    """Who or what is called so, in whatever case."""
    same = select(kind).where(func.lower(kind.name) == func.lower(name))
    # Whoever is written just so comes first: there may be Cut and cut.
    return db.session.scalars(same.order_by((kind.name == name).desc(), kind.id)).first()
