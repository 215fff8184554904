"""What a rule makes of a snapshot; reads only."""

from app.automation.judging.assembled import Assembled
from app.automation.snapshot import Snapshot
from app.lib.time.clock import wall_time


def facts(rule: Assembled, seen: Snapshot) -> dict[str, str]:
    """What was seen, by name, for the log: what set it off, and all that its conditions ask for."""
    asked = {each.part.fact: each.part.seen(seen) for each in rule.conditions}
    return _about(seen) | asked


def _about(seen: Snapshot) -> dict[str, str]:
    if seen.appointment:
        start = wall_time(seen.appointment.starts_at, seen.tenant.timezone)
        return {"Appointment": f"{start:%Y-%m-%d %H:%M}, {seen.appointment.status}"}
    if seen.message:
        return {"Channel": seen.message.channel}
    return {}


def unmet(rule: Assembled, seen: Snapshot) -> str:
    """The first condition that does not hold, as a sentence; empty: all do."""
    for each in rule.conditions:
        if not each.part.holds(seen, each.options):
            return f"{each.part.fact}: {each.part.seen(seen)}."
    return ""
