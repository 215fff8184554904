from app.automation.choices import affirmed, whether
from app.automation.rule_part import Condition, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    return seen.is_new == affirmed(options, "is")


PART = Condition(
    key="new",
    order=70,
    sentence="the customer {is} new",
    gaps=(whether("is", "Whether they are", "is", "is not"),),
    fact="Customer",
    seen=lambda seen: "new" if seen.is_new else "known",
    holds=holds,
)
