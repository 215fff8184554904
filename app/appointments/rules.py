"""What may become of an appointment: decided here, done in commands.py."""

from datetime import datetime, timedelta

from app.models.appointment import AppointmentStatus

SCHEDULED, CONFIRMED, COMPLETED, CANCELLED, NO_SHOW = AppointmentStatus
OVER = (COMPLETED, CANCELLED, NO_SHOW)
SAID = {
    SCHEDULED: "scheduled",
    CONFIRMED: "confirmed",
    COMPLETED: "completed",
    CANCELLED: "cancelled",
    NO_SHOW: "marked as “did not come”",
}
# What each state can follow on; back to scheduled leads a way from all of them.
FOLLOWS = {
    SCHEDULED: frozenset(AppointmentStatus),
    CONFIRMED: frozenset({SCHEDULED}),
    COMPLETED: frozenset({SCHEDULED, CONFIRMED, NO_SHOW}),
    CANCELLED: frozenset({SCHEDULED, CONFIRMED}),
    NO_SHOW: frozenset({SCHEDULED, CONFIRMED, COMPLETED}),
}
# People come early, and are done early; nobody comes a day early.
EARLY = timedelta(hours=12)


def refusal(before: str, after: str, moves: bool, starts_at: datetime, now: datetime) -> str | None:
    """Why an appointment cannot go from one state to another, or to another time; else None.

    starts_at: when it begins after the change.
    """
    was, becomes = AppointmentStatus(before), AppointmentStatus(after)
    if was != becomes and was not in FOLLOWS[becomes]:
        return f"This appointment is {SAID[was]}. Reopen it first."
    if moves and was in OVER and becomes in OVER:
        return f"This appointment is {SAID[was]}. Reopen it first, then move it."
    return too_early(becomes, starts_at, now) if was != becomes or moves else None


def too_early(status: str, starts_at: datetime, now: datetime) -> str | None:
    """Why an appointment cannot be in that state yet, if it cannot."""
    if status == NO_SHOW and starts_at > now:
        return "This appointment has not begun yet: whoever is expected can still come."
    if status == COMPLETED and starts_at > now + EARLY:
        return "This appointment is not today: it cannot be completed yet."
    return None
