"""The buttons of an appointment: what each says and does, and which of them it has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.appointments import deeds, rules
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
DEEDS = {
    "confirm": Button("Confirm", "confirmed", deeds.confirm),
    "complete": Button("Complete", "completed", deeds.complete),
    "no_show": Button("Did not come", "no_show", deeds.no_show),
    "cancel": Button("Cancel appointment", "cancelled", deeds.cancel),
    "reopen": Button("Reopen", "scheduled", deeds.reopen),
}

# Those of which the customer may be told.
TELLING = ("cancel", "reopen")


def possible(appointment: Appointment, now: datetime) -> dict[str, str]:
    """The labels of what can be done to it now, by address."""
    status, starts_at = appointment.status, appointment.starts_at
    return {
        deed: button.label
        for deed, button in DEEDS.items()
        if button.leads_to != status
        and not rules.refusal(status, button.leads_to, False, starts_at, now)
    }
