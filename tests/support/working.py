"""When a business is open and its people work, as tests enter it."""

from datetime import date

from sqlalchemy import select

from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.load_hours import stored
from app.business_hours.opening_hours import Interval
from app.business_hours.save_hours import save
from app.business_hours.save_working_hours import Working, save_working
from app.business_hours.working_hours import Off
from app.extensions import db
from app.models import StaffMember
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business

NINE_TO_SIX = Interval(9 * 60, 18 * 60)
MORNINGS = Interval(9 * 60, 12 * 60)


def opens(owner: Business, *spans: Interval, dates: tuple[DatedHours, ...] = ()) -> None:
    """The business is open so on every day, committed."""
    with tenant_scope(owner.id):
        seen = found.version if (found := stored()) else 0
        save(Entered((spans,) * 7, dates, False, None, ()), seen, NOON)
        db.session.commit()


def person(owner: Business, name: str = "") -> int:
    """Who is called so, made where there is nobody; without a name, who is there."""
    with tenant_scope(owner.id):
        known = db.session.scalars(
            select(StaffMember).where(StaffMember.name == name if name else StaffMember.id > 0)
        ).first()
        if known is None:
            known = StaffMember(name=name)
            db.session.add(known)
            db.session.commit()
        return known.id


def works(owner: Business, who: int, *spans: Interval, off: tuple[Off, ...] = ()) -> None:
    """That one works so on every day, or as the business is open, committed."""
    with tenant_scope(owner.id):
        one = db.session.get_one(StaffMember, who)
        db.session.refresh(one)
        week = (spans,) * 7 if spans else None
        save_working(one, Working(week, off), one.hours_version, NOON.date())
        db.session.commit()


def days(first: str, last: str = "") -> tuple[Off, ...]:
    return (Off(date.fromisoformat(first), date.fromisoformat(last or first)),)
