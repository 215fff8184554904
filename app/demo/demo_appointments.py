"""The demo business's services, people and appointments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import select

from app.appointments import commands
from app.demo.demo_conversations import customer_id
from app.demo.demo_days import SOON, Days, Event
from app.extensions import db
from app.models import Appointment, Customer, Service, StaffMember
from app.models.appointment import AppointmentStatus

SERVICES = {"Cut & Blow-dry": 60, "Balayage": 150, "Beard Trim": 30, "Highlights": 120}
CUT, BALAYAGE, BEARD, HIGHLIGHTS = SERVICES
STAFF = SOFIA, LEO, AMARA = "Sofia Marino", "Leo Park", "Amara Bello"


class Booking(NamedTuple):
    day: int
    wall: str
    number: str
    service: str
    staff: str
    booked: str
    """When; without a wall time it was taken over from another diary, and nobody was told."""
    becomes: AppointmentStatus = AppointmentStatus.COMPLETED
    """When it is over."""
    ended: str = ""
    """When, if not at its end."""
    comes: str = ""
    """The first name of who does, of those who are reached through the number."""


DIARY = (
    Booking(-6, "14:00", "+12015550176", CUT, LEO, "-9"),
    Booking(-5, "10:30", "+19295550134", CUT, AMARA, "-6"),
    Booking(-4, "16:00", "+15515550109", BEARD, LEO, "-8@15:00", AppointmentStatus.NO_SHOW),
    Booking(-3, "10:00", "+12125550199", CUT, AMARA, "-9", AppointmentStatus.CANCELLED, "-7@10:15"),
    Booking(-3, "13:00", "+12125550115", HIGHLIGHTS, SOFIA, "-4"),
    Booking(-2, "11:00", "+13475550183", CUT, LEO, "-3"),
    Booking(-2, "14:30", "+12015550139", BALAYAGE, AMARA, "-3"),
    Booking(-1, "12:00", "+16465550149", BEARD, LEO, "-4@10:10"),
    Booking(0, "09:30", "+12125550171", CUT, SOFIA, "-5@16:20"),
    Booking(0, "11:00", "+19295550166", BEARD, SOFIA, "-1"),
    Booking(0, "11:00", "+17185550127", BALAYAGE, AMARA, "-1"),
    Booking(0, "15:00", "+13055550118", CUT, SOFIA, "-2@15:30"),
    Booking(0, "16:00", "+15515550174", BEARD, AMARA, "-1"),
    Booking(0, SOON, "+16465550117", BEARD, LEO, "-2@11:05", AppointmentStatus.SCHEDULED),
    Booking(1, "09:30", "+16465550149", CUT, LEO, "-9"),
    Booking(1, "11:00", "+19175550163", BALAYAGE, SOFIA, "-3"),
    Booking(1, "12:00", "+19175550112", BALAYAGE, AMARA, "-4@12:40"),
    Booking(2, "10:30", "+12125550142", CUT, SOFIA, "-3@11:00"),
    Booking(2, "12:00", "+19295550166", CUT, LEO, "-9"),
    Booking(2, "15:00", "+12015550139", HIGHLIGHTS, AMARA, "-1@11:15"),
    Booking(2, "15:30", "+12015550139", CUT, SOFIA, "-1@11:20", comes="Ella"),
    Booking(3, "09:00", "+13475550128", CUT, AMARA, "-9"),
    Booking(3, "11:30", "+13475550183", BEARD, LEO, "-9"),
    Booking(3, "15:00", "+13055550155", HIGHLIGHTS, SOFIA, "-5@12:58"),
    Booking(4, "10:00", "+13055550118", BALAYAGE, SOFIA, "-9"),
    Booking(4, "13:00", "+17185550127", CUT, LEO, "-2@12:05"),
    Booking(5, "10:30", "+12125550171", CUT, AMARA, "-9"),
    Booking(5, "13:15", "+17185550191", HIGHLIGHTS, SOFIA, "-9"),
    Booking(6, "14:00", "+12015550176", CUT, LEO, "-9"),
)


def create() -> None:
    """What can be booked, and with whom."""
    db.session.add_all(Service(name=name, duration_minutes=SERVICES[name]) for name in SERVICES)
    db.session.add_all(StaffMember(name=name) for name in STAFF)
    db.session.commit()


def events(days: Days) -> Iterator[Event]:
    services = {service.name: service.id for service in db.session.scalars(select(Service))}
    staff = {member.name: member.id for member in db.session.scalars(select(StaffMember))}
    for booking in DIARY:
        announce, starts_at = "@" in booking.booked, days.at(booking.day, booking.wall)
        at = days.when(booking.booked if announce else f"{booking.booked}@18:00")
        details: commands.Changes = {
            "customer_id": _whose(booking),
            "service_id": services[booking.service],
            "staff_member_id": staff[booking.staff],
            "starts_at": starts_at,
            "duration_minutes": SERVICES[booking.service],
        }
        yield Event(at, partial(_book, at, announce, details))
        over = starts_at + timedelta(minutes=SERVICES[booking.service])
        over = days.when(booking.ended) if booking.ended else over
        if over <= days.now and booking.becomes != AppointmentStatus.SCHEDULED:
            yield Event(over, partial(_end, booking, starts_at, over))


def _whose(booking: Booking) -> int:
    way = customer_id(booking.number)
    family = select(Customer.id).filter_by(reached_through_id=way, first_name=booking.comes)
    return db.session.scalars(family).one() if booking.comes else way


def _book(at: datetime, announce: bool, details: commands.Changes) -> None:
    commands.book(at, announce=announce, **details)


def _end(booking: Booking, starts_at: datetime, at: datetime) -> None:
    which = select(Appointment.id).filter_by(
        customer_id=customer_id(booking.number), starts_at=starts_at
    )
    commands.change(db.session.scalars(which).one(), at, status=booking.becomes)
