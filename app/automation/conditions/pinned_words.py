from app.automation.choices import affirmed, whether
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot
from app.lib.text.cleaning import preview
from app.lib.text.whole_words import contains, folded


def holds(seen: Snapshot, options: Options) -> bool:
    facts = [folded(each.fact) for each in seen.pinned.answer]
    found = any(contains(fact, str(word)) for fact in facts for word in options["words"])
    return found == affirmed(options, "is")


PART = Condition(
    key="pinned",
    order=150,
    sentence="a fact with one of these words {is} pinned to the customer: {words}",
    gaps=(
        whether("is", "Whether there is one", "is", "is not"),
        Gap(
            key="words",
            kind="words",
            label="Words or phrases, whole; case and accents do not count",
            default=[],
            most=50,
        ),
    ),
    fact="Pinned",
    seen=lambda seen: preview("; ".join(each.fact for each in seen.pinned.answer), 80) or "nothing",
    holds=holds,
)
