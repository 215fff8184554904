"""Whose appointments the calendar shows, as its address says it: empty for everybody's, a staff
member's id, or ANYONE for those that no person was chosen for."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Integer, any_, select

from admin_views.posted import id_of
from app.appointments.diary import ANYONES
from app.extensions import db
from app.models import StaffMember
from app.prepared import Prepared, given

ANYONE = "anyone"
NOBODY = "Anyone"


def known(asked: str) -> str:
    """The choice, if there is such a person here; else everybody's."""
    if asked == ANYONE:
        return asked
    id_ = id_of(asked)
    return f"{id_}" if id_ and db.session.get(StaffMember, id_) else ""


def whose(staff: str) -> int | None:
    """The choice as the diary knows it."""
    if staff == ANYONE:
        return ANYONES
    return int(staff) if staff else None


def people(busy: Collection[int | None]) -> list[tuple[int, str]]:
    """Everybody who takes appointments or is busy with one: id and name, by name."""
    return _PEOPLE.all(busy=list(set(busy) - {None}))


_PEOPLE = Prepared(
    lambda id_, name: (id_, name),
    select(StaffMember.id, StaffMember.name)
    .where(StaffMember.active | (StaffMember.id == any_(given("busy", ARRAY(Integer)))))
    .order_by(StaffMember.name),
)
