from app.automation.choices import fixed
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot
from app.memory.customer_history import MOST_VISITS

LEAST, MOST = "least", "most"


def holds(seen: Snapshot, options: Options) -> bool:
    count, limit = len(seen.came), int(options["count"])
    return count >= limit if options["how"] == LEAST else count <= limit


PART = Condition(
    key="visits",
    order=120,
    sentence="the customer has been there {how} {count} times",
    gaps=(
        Gap(
            key="how",
            kind="choice",
            label="At least or at most",
            default=LEAST,
            choices=fixed((LEAST, "at least"), (MOST, "at most")),
        ),
        Gap(key="count", kind="number", label="Visits", default=3, most=MOST_VISITS),
    ),
    fact="Visits",
    seen=lambda seen: str(len(seen.came)),
    holds=holds,
)
