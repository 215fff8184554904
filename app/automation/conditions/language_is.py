from app.automation.choices import affirmed, languages, whether, words_of
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    return (seen.language in options["languages"]) == affirmed(options, "is")


PART = Condition(
    key="language",
    order=40,
    sentence="the customer's language {is} {languages}",
    gaps=(
        whether("is", "Whether it is", "is", "is not"),
        Gap(key="languages", kind="choices", label="Languages", default=["es"], choices=languages),
    ),
    fact="Language",
    seen=lambda seen: words_of([seen.language], languages()) if seen.language else "not known",
    holds=holds,
)
