"""The buttons of an appointment: what each says and does, and which of them it has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.appointments import commands, rules
from app.models import Appointment


@dataclass(frozen=True)
class Button:
    label: str
    leads_to: str
    """The state after it."""
    do: Callable[..., Appointment]
    """Given its id and the time; where it tells, whether the customer is told; to reopen, also what
    was answered to questions."""


# By their address, in their order.
BUTTONS = {
    "confirm": Button("Confirm", "confirmed", commands.confirm),
    "complete": Button("Complete", "completed", commands.complete),
    "no_show": Button("Did not come", "no_show", commands.no_show),
    "cancel": Button("Cancel appointment", "cancelled", commands.cancel),
    "reopen": Button("Reopen", "scheduled", commands.reopen),
}

# Those of which the customer may be told.
TELLING = ("cancel", "reopen")


def possible(appointment: Appointment, now: datetime) -> dict[str, str]:
    """The labels of what can be done to it now, by address."""
    status, starts_at = appointment.status, appointment.starts_at
    return {
        action: button.label
        for action, button in BUTTONS.items()
        if button.leads_to != status
        and not rules.refusal(status, button.leads_to, False, starts_at, now)
    }
