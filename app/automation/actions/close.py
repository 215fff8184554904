from app.automation.rule_part import Action, Doer, Options
from app.automation.snapshot import Snapshot
from app.inbox import conversation_commands as conversations

NOT_CLOSED = (
    "The conversation was closed already, or it is undecided whether they want no more messages."
)


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    closed = conversations.close(seen.customer.id, doer.by, doer.now)
    return "Closed the conversation." if closed else NOT_CLOSED


PART = Action(key="close", order=80, sentence="close the conversation", do=do)
