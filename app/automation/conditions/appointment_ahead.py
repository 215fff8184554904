from datetime import timedelta

from app.automation.choices import affirmed, whether
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    until = seen.at + timedelta(days=int(options["days"]))
    ahead = seen.next_start is not None and seen.next_start <= until
    return ahead == affirmed(options, "has")


def start(seen: Snapshot) -> str:
    return seen.clock.full(seen.next_start) if seen.next_start else "none"


PART = Condition(
    key="appointment_ahead",
    order=60,
    sentence="the customer {has} an appointment in the next {days} days",
    gaps=(
        whether("has", "Whether they have one", "has", "does not have"),
        Gap(key="days", kind="number", label="Days", default=7, least=1, most=365),
    ),
    fact="Next appointment",
    seen=start,
    holds=holds,
)
