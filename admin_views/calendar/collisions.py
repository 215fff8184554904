"""What staff are asked before an appointment is stored, and how they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from admin_views.numbers import pretty
from admin_views.times import business_time
from app.appointments.commands import Doubtful
from app.appointments.doubts import MOST, Doubt
from app.lib.time.clock import lasted
from app.models import Appointment


@dataclass(frozen=True)
class Question:
    text: str
    """«Amara has Hannah Weber 12:00 PM to 2:30 PM. Book anyway?»"""
    anyway: str
    """What the field of this name says, if it is meant."""


def question(error: Doubtful) -> Question:
    """Only before the rollback: it tells of rows."""
    return Question(_text(error.doubt), ",".join(sorted(error.doubt.about)))


def answered(values: Mapping[str, Any]) -> frozenset[str]:
    """What they were asked before, and say to be meant."""
    return frozenset(str(values.get("anyway") or "").split(","))


def _text(doubt: Doubt) -> str:
    past = f"That is {lasted(doubt.late)} ago." if doubt.late else ""
    if not doubt.others:
        return f"{past} Book it anyway?"
    them = ", ".join(_told(each) for each in doubt.others[:MOST])
    them += " and others" if len(doubt.others) > MOST else ""
    return f"{past} {doubt.others[0].staff_member} has {them}. Book anyway?".strip()


def _told(appointment: Appointment) -> str:
    begins, ends = (
        business_time().time(each) for each in (appointment.starts_at, appointment.ends_at)
    )
    return f"{pretty(appointment.customer.name)} {begins} to {ends}"
