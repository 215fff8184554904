"""What staff are asked before an appointment is stored, and how they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from admin_views.numbers import pretty
from admin_views.times import business_time
from app.appointments.booking_warnings import MOST, BookingWarning
from app.appointments.commands import NotConfirmed
from app.appointments.diary import Booking
from app.business_hours.working_hours import Absence
from app.lib.time.clock import lasted


@dataclass(frozen=True)
class Question:
    text: str
    """«Amara has Hannah Weber 12:00 PM to 2:30 PM. Book anyway?»"""
    anyway: str
    """What the field of this name says, if it is meant."""


def question(error: NotConfirmed) -> Question:
    return Question(_text(error.warning), ",".join(sorted(error.warning.about)))


def answered(values: Mapping[str, Any]) -> frozenset[str]:
    """What they were asked before, and say to be meant."""
    return frozenset(str(values.get("anyway") or "").split(","))


def _text(warning: BookingWarning) -> str:
    past = f"That is {lasted(warning.late)} ago." if warning.late else ""
    absent = _absent(warning)
    if not warning.others:
        return f"{past} {absent} Book it anyway?".replace("  ", " ").strip()
    them = ", ".join(_told(each) for each in warning.others[:MOST])
    them += " and others" if len(warning.others) > MOST else ""
    others = f"{warning.others[0].staff_member} has {them}."
    return " ".join(filter(None, (past, absent, others, "Book anyway?")))


def _absent(warning: BookingWarning) -> str:
    if warning.absent is None:
        return ""
    if warning.person is None:
        return "You are closed then."
    return (
        f"{warning.person} {'is away' if warning.absent == Absence.AWAY else 'does not work'} then."
    )


def _told(booking: Booking) -> str:
    begins, ends = (business_time().time(each) for each in (booking.starts_at, booking.ends_at))
    return f"{booking.who_comes or pretty(booking.customer.name)} {begins} to {ends}"
