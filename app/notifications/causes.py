"""Why an automatic message is as it is, as words for programs; the sentence is in the row."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    SENT = "sent"
    LATE = "skipped_late"
    TURNED_OFF = "turned_off"
    BOOKED_LATE = "booked_late"
    QUIET_HOURS = "quiet_hours"
    OPTED_OUT = "opted_out"
    UNDECIDED = "undecided"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not_asked"
    RECENTLY = "recently"
    LIMIT = "limit"
    ANSWERED = "answered"
    NO_LINK = "no_link"
    UNDELIVERED = "undelivered"
    TEMPLATE = "template"
    FAULT = "fault"
    MOVED = "moved"
    APPOINTMENT_OVER = "appointment_over"
    SETTINGS = "settings"
    BY_STAFF = "by_staff"


# What planning took out or left out, and can bring back.
REVIVABLE = frozenset(
    {Cause.MOVED, Cause.APPOINTMENT_OVER, Cause.SETTINGS, Cause.QUIET_HOURS, Cause.BOOKED_LATE}
)


@dataclass(frozen=True)
class Hindrance:
    """Why a message is not sent: a word for programs, a sentence for people."""

    cause: Cause
    reason: str
