"""What staff send from the calendar, put into the words of the domain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from admin_views.lookup import find
from admin_views.posted import token
from app.appointments.commands import Changes, Refused
from app.appointments.usual_length import usual_minutes
from app.customers.reached_through import LONGEST_NAME, family
from app.extensions import Model, db
from app.lib.text.cleaning import clean
from app.lib.time.clock import NoSuchTime, read, wall_time
from app.models import Appointment, Customer, Service, StaffMember


def booking(values: Mapping[str, Any], timezone: str) -> Changes:
    """A new appointment. Raises Refused; answers 404 for a row that is none of ours."""
    if not values.get("customer_id"):
        raise Refused("Choose the customer first.")
    details = changes(values, timezone)
    customer = find(Customer, values["customer_id"])
    details["customer_id"] = customer.id
    details |= attendance(values, customer)
    if "starts_at" not in details:
        raise Refused("Give the day and the time.")
    details["client_token"] = token(values)
    details.setdefault("duration_minutes", usual_minutes(details.get("service_id")))
    return details


def changes(values: Mapping[str, Any], timezone: str, before: datetime | None = None) -> Changes:
    """What the fields that were sent say; what was not sent stays. Raises Refused.

    before: the present start, which the same wall time leaves as it is: it may come twice.
    """
    said = Changes()
    if starts_at := _starts_at(values, timezone, before):
        said["starts_at"] = starts_at
    if "service_id" in values:
        said["service_id"] = _id(Service, values["service_id"])
    if "staff_member_id" in values:
        said["staff_member_id"] = _id(StaffMember, values["staff_member_id"])
    if values.get("duration_minutes"):
        said["duration_minutes"] = _minutes(str(values["duration_minutes"]))
    if "notes" in values:
        said["notes"] = clean(str(values["notes"] or "")).strip()[:5000]
    return said


def attendance(
    values: Mapping[str, Any], customer: Customer, before: Appointment | None = None
) -> Changes:
    """Who comes: attendee_id, or a name (attendee), of whom the customer's family is meant first;
    an empty one is the customer. What was not sent, or is as before, stays."""
    if values.get("attendee_id"):
        return Changes(attendee_id=find(Customer, values["attendee_id"]).id)
    name = clean(str(values.get("attendee") or "")).strip()[:LONGEST_NAME]
    if "attendee" not in values or (before and name == before.who_comes):
        return Changes()
    theirs = (each.id for each in family(customer) if each.name.casefold() == name.casefold())
    if name and (known := next(theirs, None)):
        return Changes(attendee_id=known)
    return Changes(attendee_id=None, attendee_name=name)


def seen(values: Mapping[str, Any], field: str = "seen") -> datetime | None:
    """The start that the sender's page showed, if it says; or another that it knew of."""
    try:
        return datetime.fromisoformat(str(values[field])).astimezone()
    except (KeyError, ValueError, OverflowError):
        return None


def offered(kind: type[Service] | type[StaffMember], chosen: int | None = None) -> list[Any]:
    """The services or people to choose from, and the one that was chosen before."""
    query = select(kind).where(or_(kind.active, kind.id == chosen)).order_by(kind.name)
    return list(db.session.scalars(query))


def filled(appointment: Appointment, timezone: str) -> dict[str, Any]:
    """The fields of a form as an appointment fills them."""
    there = wall_time(appointment.starts_at, timezone)
    return {
        "day": f"{there:%Y-%m-%d}",
        "time": f"{there:%H:%M}",
        "service_id": appointment.service_id,
        "staff_member_id": appointment.staff_member_id,
        "duration_minutes": appointment.duration_minutes,
        "notes": appointment.notes,
        "attendee": appointment.who_comes,
    }


def _starts_at(
    values: Mapping[str, Any], timezone: str, before: datetime | None
) -> datetime | None:
    """From starts_at (ISO 8601), or from day and time."""
    text = str(values.get("starts_at") or "")
    if not text and (values.get("day") or values.get("time")):
        text = f"{values.get('day') or ''}T{values.get('time') or ''}"
    if not text:
        return None
    if before and text == f"{wall_time(before, timezone):%Y-%m-%dT%H:%M}":
        return before
    try:
        return read(text, timezone)
    except NoSuchTime as error:
        raise Refused(f"{error}.") from None


def _id(kind: type[Model], value: Any) -> int | None:
    return int(find(kind, value).id) if value else None


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= 1440):
        raise Refused("Give 1 to 1,440 minutes.")
    return int(text)
