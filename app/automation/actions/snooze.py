from datetime import timedelta

from app.automation.rule_part import Action, Doer, Gap, Options
from app.automation.snapshot import Snapshot
from app.inbox import conversation_commands as conversations


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    hours = int(options["hours"])
    until = doer.now + timedelta(hours=hours)
    if conversations.snooze(seen.customer.id, until, doer.by, doer.now):
        return f"Snoozed the conversation for {hours} {'hour' if hours == 1 else 'hours'}."
    return "The conversation was snoozed already."


PART = Action(
    key="snooze",
    order=90,
    sentence="snooze the conversation for {hours} hours",
    gaps=(Gap(key="hours", kind="number", label="Hours", default=24, least=1, most=8760),),
    do=do,
)
