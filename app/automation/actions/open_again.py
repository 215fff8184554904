from app.automation.rule_part import Action, Doer, Options
from app.automation.snapshot import Snapshot
from app.inbox import conversation_commands as conversations


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    opened = conversations.open_(seen.customer.id, doer.by, doer.now)
    return "Opened the conversation." if opened else "The conversation was open already."


PART = Action(key="open", order=70, sentence="open the conversation", do=do)
