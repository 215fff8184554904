from app.automation.rule_part import Action, Doer, HeldBack, Options
from app.automation.snapshot import Snapshot
from app.notifications import ask_for_review
from app.outbox.refused import Refused
from app.tasks import Task


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    """By the same limits as when staff ask: quiet hours, the last request, STOP."""
    try:
        ask_for_review.plan(seen.customer, doer.now)
    except Refused as refused:
        raise HeldBack(str(refused)) from None
    doer.wakes.add(Task.DISPATCH)
    return "Asked for a review."


PART = Action(key="review", order=130, sentence="ask the customer for a review", do=do)
