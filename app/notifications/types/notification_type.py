"""What a type of automatic message consists of: texts, options, plan, and what hinders it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.models import Notification
from app.models.appointment import AppointmentStatus
from app.notifications.causes import Cause, Hindrance

# What can be said of a customer by what is remembered of them (app/memory).
OF_THE_CUSTOMER = ("last_service", "visits", "usual_staff")
# What can be said of an appointment, and of whoever is written to about it.
OF_AN_APPOINTMENT = (
    "customer_name",
    "business_name",
    "service_name",
    "appointment_date",
    "appointment_time",
    "staff_name",
    "attendee_name",
    *OF_THE_CUSTOMER,
)
# Beside it where the appointment is to come: by it the customer confirms, cancels or moves it
# (app/notifications/content/manage_link.py).
MANAGE_LINK = "manage_link"
# What can be said of when the business is open, where whoever fills in the text tells it
# (app/business_hours/tell_hours.py).
OF_THE_HOURS = ("opening_hours", "opens_at", "open_now")


class Text(NamedTuple):
    subject: str
    """Of an email; other channels have none."""
    body: str


# The states of an appointment in which the customer is expected.
EXPECTED = frozenset({AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED})


@dataclass(frozen=True)
class Slot:
    """What a type looks at of an appointment. Its times are instants."""

    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    """When its present start was agreed on."""
    status: str
    zone: ZoneInfo
    """Of the business."""
    tell_at: datetime | None = None
    """From when on the customer is told what has changed; None: they are not."""

    @property
    def agreed_at(self) -> datetime:
        """From when on the customer knows, or is to be told, how it stands."""
        return max(self.booked_at, self.tell_at or self.booked_at)

    @property
    def stands(self) -> bool:
        """Whether the customer is expected."""
        return self.status in EXPECTED


@dataclass(frozen=True)
class Past:
    """What became of the appointment's notifications so far."""

    known: datetime | None = None
    """The start that the customer takes it to have, as they agreed or were told; None: of none, or
    that it is cancelled."""
    settled: frozenset[str] = frozenset()
    """The types that are over for it: sent, skipped, or taken out by somebody."""
    confirms: bool = False
    """Whether a booking confirmation is still to go."""
    tells: bool = False
    """Whether a message of its own tells them of another start."""


@dataclass(frozen=True)
class Step:
    """A message that is to be, or one that is not to be and why."""

    step: int
    """Minutes before the start; 0 where it is for something else."""
    due_at: datetime
    useful_until: datetime
    skip: Cause | None = None
    reason: str = ""


@dataclass(frozen=True)
class Option:
    """A setting that one type alone has."""

    key: str
    label: str
    kind: str
    """hours (a list of whole numbers), number, flag or link."""
    default: Any
    help: str = ""
    least: int = 0
    most: int = 0
    unit: str = ""


def nothing(slot: Slot, options: Mapping[str, Any], past: Past, now: datetime) -> Iterable[Step]:
    """For a type that no appointment causes."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What goes out by itself, in the tenant's words."""

    key: str
    label: str
    order: int
    """Where it stands among the others on a page."""
    help: str
    """When it goes, in a sentence for the settings."""
    variables: tuple[str, ...]
    """The names that its templates may use."""
    texts: Mapping[str, Text]
    """What it says by language until the tenant writes its own; English is always there."""
    answers: bool = False
    """Whether it answers what a customer just wrote: within any session window, in the language
    of what they answered."""

    def said_in(self, language: str) -> Text:
        """The default text in the language, else in English."""
        return self.texts.get(language, self.texts["en"])


@dataclass(frozen=True, kw_only=True)
class NotificationType(Kind):
    """An automatic message of a kind. A new one is a file in this folder with a TYPE of its own."""

    rule: str
    """What one without a lead is for, as the end of «Goes out on Thu 19 Nov, 10:00 by SMS: …»."""
    enabled: bool = True
    states: frozenset[str] = EXPECTED
    """Of the appointment, if it is for one: in another it says what does not hold."""
    joins: bool = False
    """Whether those of one customer for the same day and lead go as one message."""
    names_known_start: bool = False
    """Whether it names the start that the customer knows, and is of use until then."""
    options: tuple[Option, ...] = ()
    plan: Callable[[Slot, Mapping[str, Any], Past, datetime], Iterable[Step]] = field(
        default=nothing
    )
    """What an appointment as it stands asks for; pure."""
    hindered: Callable[[Notification, Mapping[str, Any], datetime], Hindrance | None] = field(
        default=lambda row, options, at: None
    )
    """What else keeps a message of this kind from being sent at that time."""
    ask_ahead: Callable[[Sequence[Notification], Mapping[str, Any], datetime], None] = field(
        default=lambda rows, options, now: None
    )
    """So that what hinders them is known of many at once, from now on (app/lib/memo.py)."""
