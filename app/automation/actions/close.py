from app.automation.rule_part import Action, Doer, Options
from app.automation.snapshot import Snapshot
from app.inbox import conversation_commands as conversations


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    closed = conversations.close(seen.customer.id, doer.by, doer.now)
    return "Closed the conversation." if closed else "The conversation was closed already."


PART = Action(key="close", order=80, sentence="close the conversation", do=do)
