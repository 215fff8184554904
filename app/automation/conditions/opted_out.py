from app.automation.choices import affirmed, fixed
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    return seen.opted_out == affirmed(options, "has")


PART = Condition(
    key="opted_out",
    order=80,
    sentence="the customer {has} asked for no more messages",
    gaps=(
        Gap(
            key="has",
            kind="choice",
            label="Whether they have",
            default="not",
            choices=fixed(("has", "has"), ("not", "has not")),
        ),
    ),
    fact="Messages",
    seen=lambda seen: "stopped" if seen.opted_out else "wanted",
    holds=holds,
)
