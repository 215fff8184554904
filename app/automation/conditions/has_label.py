from app.automation.choices import affirmed, chosen, gone, labels, whether, words_of
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    return bool(seen.labels & chosen(options, "labels")) == affirmed(options, "has")


PART = Condition(
    key="label",
    order=50,
    sentence="the conversation has {has} of these labels: {labels}",
    gaps=(
        whether("has", "Whether it has one", "one", "none"),
        Gap(key="labels", kind="choices", label="Labels", default=[], choices=labels),
    ),
    gone=gone("label", "labels", labels),
    fact="Labels",
    seen=lambda seen: words_of(sorted(seen.labels), labels()) or "none",
    holds=holds,
)
