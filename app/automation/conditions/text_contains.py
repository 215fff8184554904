from app.automation.choices import fixed
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot
from app.lib.text.cleaning import preview
from app.lib.text.whole_words import contains, folded

HOW = {"any": any, "all": all}


def holds(seen: Snapshot, options: Options) -> bool:
    text = folded(seen.words)
    found = (contains(text, str(word)) for word in options["words"])
    return not any(found) if options["how"] == "none" else HOW[options["how"]](found)


PART = Condition(
    key="words",
    order=20,
    sentence="the text contains {how} of these words: {words}",
    gaps=(
        Gap(
            key="how",
            kind="choice",
            label="How many of them",
            default="any",
            choices=fixed(("any", "any"), ("all", "all"), ("none", "none")),
        ),
        Gap(
            key="words",
            kind="words",
            label="Words or phrases, whole; case and accents do not count",
            default=[],
            most=50,
        ),
    ),
    fact="Text",
    seen=lambda seen: preview(seen.words, 80) or "no text",
    holds=holds,
)
