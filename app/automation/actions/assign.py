from app.automation.choices import chosen, gone, users, words_of
from app.automation.rule_part import Action, Choices, Doer, Gap, Options
from app.automation.snapshot import Snapshot
from app.inbox import conversation_commands as conversations

NOBODY = "nobody"


def whom() -> Choices:
    return [*users(), (NOBODY, "nobody")]


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    user_id = next(iter(chosen(options, "user")), None)
    name = words_of([options["user"]], whom())
    if conversations.assign(seen.customer.id, user_id, doer.by, doer.now):
        doer.notices = True
        return f"Assigned it to {name}."
    return f"It was assigned to {name} already."


PART = Action(
    key="assign",
    order=50,
    sentence="assign the conversation to {user}",
    gaps=(Gap(key="user", kind="choice", label="To whom", choices=whom),),
    gone=gone("person", "user", users),
    do=do,
)
