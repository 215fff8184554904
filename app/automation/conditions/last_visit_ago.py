from datetime import timedelta

from app.automation.choices import fixed
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot

LONGER, SHORTER = "longer", "shorter"


def holds(seen: Snapshot, options: Options) -> bool:
    """Neither, as long as they have never been there."""
    if not seen.came:
        return False
    since = seen.at - timedelta(days=int(options["days"]))
    return (seen.came[0].starts_at <= since) is (options["how"] == LONGER)


PART = Condition(
    key="last_visit",
    order=130,
    sentence="their last visit is {how} {days} days ago",
    gaps=(
        Gap(
            key="how",
            kind="choice",
            label="Longer or not",
            default=LONGER,
            choices=fixed((LONGER, "at least"), (SHORTER, "less than")),
        ),
        Gap(key="days", kind="number", label="Days", default=90, least=1, most=3650),
    ),
    fact="Last visit",
    seen=lambda seen: seen.clock.full(seen.came[0].starts_at) if seen.came else "none",
    holds=holds,
)
