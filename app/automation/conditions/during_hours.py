from app.automation.choices import fixed
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot

SAID = {True: "open", False: "closed", None: "no hours are set"}


def holds(seen: Snapshot, options: Options) -> bool:
    """Neither, as long as the business has not said when it is open."""
    return seen.open is (options["when"] == "within")


PART = Condition(
    key="hours",
    order=30,
    sentence="it happens {when} business hours",
    gaps=(
        Gap(
            key="when",
            kind="choice",
            label="Within or outside",
            default="outside",
            choices=fixed(("within", "within"), ("outside", "outside")),
        ),
    ),
    fact="Business",
    seen=lambda seen: SAID[seen.open],
    holds=holds,
)
