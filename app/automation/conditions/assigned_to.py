from app.automation.choices import chosen, gone, users, words_of
from app.automation.rule_part import Choices, Condition, Gap, Options
from app.automation.snapshot import Snapshot

NOBODY, ANYBODY = "nobody", "anybody"


def who() -> Choices:
    return [(NOBODY, "nobody"), (ANYBODY, "anybody"), *users()]


def holds(seen: Snapshot, options: Options) -> bool:
    if options["who"] == NOBODY:
        return seen.assignee_id is None
    if options["who"] == ANYBODY:
        return seen.assignee_id is not None
    return seen.assignee_id in chosen(options, "who")


PART = Condition(
    key="assigned",
    order=90,
    sentence="the conversation is assigned to {who}",
    gaps=(Gap(key="who", kind="choice", label="To whom", default=NOBODY, choices=who),),
    gone=gone("person", "who", users),
    fact="Assigned to",
    seen=lambda seen: words_of([seen.assignee_id], users()) if seen.assignee_id else "nobody",
    holds=holds,
)
