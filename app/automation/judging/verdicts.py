"""What a rule makes of a snapshot; reads only."""

from app.automation.choices import channels, words_of
from app.automation.judging.assembled import Assembled
from app.automation.snapshot import Snapshot
from app.models.appointment import AppointmentStatus

STANDS = {
    AppointmentStatus.SCHEDULED: "scheduled",
    AppointmentStatus.CONFIRMED: "confirmed",
    AppointmentStatus.COMPLETED: "completed",
    AppointmentStatus.CANCELLED: "cancelled",
    AppointmentStatus.NO_SHOW: "did not come",
}


def facts(rule: Assembled, seen: Snapshot) -> dict[str, str]:
    """What was seen, by name, for the log: what set it off, and all that its conditions ask for."""
    asked = {each.part.fact: each.part.seen(seen) for each in rule.conditions}
    return _about(seen) | asked


def _about(seen: Snapshot) -> dict[str, str]:
    if seen.appointment:
        start = seen.clock.full(seen.appointment.starts_at)
        return {"Appointment": f"{start}, {STANDS[AppointmentStatus(seen.appointment.status)]}"}
    if seen.message:
        return {"Channel": words_of([seen.message.channel], channels())}
    return {}


def unmet(rule: Assembled, seen: Snapshot) -> str:
    """The first condition that does not hold, as a sentence; empty: all do."""
    for each in rule.conditions:
        if not each.part.holds(seen, each.options):
            said = f"{each.part.fact}: {each.part.seen(seen)}"
            return said if said.endswith((".", "!", "?", "…")) else f"{said}."
    return ""
