from app.automation.choices import affirmed, whether
from app.automation.rule_part import Condition, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    return seen.opted_out == affirmed(options, "has")


PART = Condition(
    key="opted_out",
    order=80,
    sentence="the customer {has} asked for no more messages",
    gaps=(whether("has", "Whether they have", "has", "has not", default=False),),
    fact="Messages",
    seen=lambda seen: "stopped" if seen.opted_out else "wanted",
    holds=holds,
)
