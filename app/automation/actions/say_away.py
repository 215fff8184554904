"""Outside business hours, once for each closed period and conversation."""

from app import business_hours
from app.automation.rule_part import Action, Doer, HeldBack, Options
from app.automation.snapshot import Snapshot
from app.automation.texting import rule_wording
from app.automation.texting.enter_text import send
from app.outbox.queue.session_window import conversation

OPEN = "The business is open, or has not said when it is."
TOLD = "They were told in this closed period already, or it opens in a few minutes."


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    """Claimed last, so that what is held back for another reason leaves it to be said."""
    hours, talk = business_hours.of_tenant(), conversation(seen.customer.id)
    closed = hours.closed_period(seen.at) if hours else None
    if closed is None or talk is None:
        raise HeldBack(OPEN)
    done = send(seen, options, doer)
    if not business_hours.claim_away(talk.id, closed, doer.now):
        raise HeldBack(TOLD)
    return done


PART = Action(
    key="away_message",
    order=20,
    sentence=rule_wording.sentence("say once until the business opens that it is closed:"),
    gaps=rule_wording.gaps(),
    gone=rule_wording.unusable,
    do=do,
)
