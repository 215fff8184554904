"""What staff are told of the notice to a customer, before a change and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from admin_views.numbers import pretty
from admin_views.times import business_time
from app.appointments import commands
from app.appointments.commands import Refused
from app.lib.time.clock import now
from app.models import Appointment, Customer
from app.notifications.configure.given import flag
from app.notifications.forecast.notice import Notice, notice

NOBODY = "Nobody is told."
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Told:
    """A notice as staff read it."""

    name: str
    notice: Notice

    def __str__(self) -> str:
        """Penelope is told by SMS in half a minute."""
        found = self.notice
        if found.reason:
            return f"{self.name} is not told. {found.reason}"
        by = f" by {found.channel.label}" if found.channel else ""
        if found.at is None:
            return f"{self.name} was told{by}."
        return f"{self.name} is told{by} {self._when('in half a minute')}. {found.waits}".rstrip()

    @property
    def how(self) -> str:
        """«By SMS, half a minute later:» above its words; or why there are none."""
        found = self.notice
        if not found.goes or not found.channel:
            return str(self)
        when = self._when("half a minute later")
        return f"By {found.channel.label}, {when}: {found.waits}".rstrip()

    def _when(self, at_once: str) -> str:
        at = self.notice.at
        return (
            at_once if at is None or at <= now() + SOON else f"on {business_time().near(at, now())}"
        )

    def json(self) -> dict[str, Any]:
        found = self.notice
        return {
            "told": self.how,
            "goes": found.goes,
            "channel": found.channel and found.channel.key,
            "subject": found.subject,
            "body": found.body,
        }


def foretold(appointment: Appointment, leads_to: str, moment: datetime) -> Told | None:
    """What its customer would be told of that state; none where it cannot come into it any more."""
    try:
        found = commands.rehearse(appointment.id, moment, status=leads_to)
    except Refused:
        # Somebody has done something else to it since it was read.
        return None
    return Told(called(appointment.customer), found)


def tells(values: Mapping[str, Any]) -> bool:
    """Whether the customer is told of the change: unless the sender says no. Raises Refused."""
    try:
        return flag(values.get("tell", True))
    except ValueError as error:
        raise Refused(f"tell: {error}") from None


def called(customer: Customer) -> str:
    """By the first name, or how else staff know them."""
    return customer.first_name.strip() or pretty(customer.name)


def said(appointment: Appointment, before: datetime | None, tell: bool) -> str:
    """Who is told of a change after it was made, or why not; empty where it changed nothing that
    they go by. before: the start that was agreed on."""
    if appointment.agreed_start == before:
        return ""
    return str(Told(called(appointment.customer), notice(appointment, now()))) if tell else NOBODY
