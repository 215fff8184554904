"""A rule's text becomes a message of the outbox (transactional outbox), or is held back."""

from datetime import datetime, timedelta

from app.automation.rule_part import Doer, HeldBack, Later, Options
from app.automation.snapshot import Snapshot
from app.automation.texting import rule_route, text_limits
from app.automation.texting.rule_wording import content
from app.models import EventType
from app.notifications.settings import quiet_hours
from app.outbox.compose.automatic_message import hand_over
from app.outbox.compose.email_loop import AnsweredLately, Loop
from app.outbox.queue.automatic_pause import BY_RULE
from app.outbox.queue.stop_asked import UNDECIDED, undecided
from app.tasks import Task

# What the customer did themselves is answered at any hour, for so long.
JUST_ASKED = frozenset({EventType.MESSAGE_RECEIVED, EventType.CALL_MISSED, EventType.REPLY_READ})
JUST_NOW = timedelta(minutes=10)
# Later than this nobody would know what it is about.
ANSWER_OF_USE, OF_USE = timedelta(hours=1), timedelta(hours=24)
PAUSED = "All automatic messages are paused. An admin can let them go on."
TOO_LATE = "It would have come too late to be of use."


def send(seen: Snapshot, options: Options, doer: Doer) -> str:
    """Enter the text once for the run, in the caller's transaction; what was done, as a sentence.

    Raises HeldBack, NotDone, and Later in quiet hours.
    """
    if seen.tenant.paused_at:
        raise HeldBack(PAUSED)
    if undecided(seen.customer.id):
        raise HeldBack(UNDECIDED)
    answered = seen.message if seen.message and seen.message.inbound else None
    if answered:
        text_limits.heed_sender(answered)
    until = _of_use_until(seen, doer.now)
    route = rule_route.route(seen, doer.now)
    said = content(options, seen, route.channel, doer.now)
    text_limits.heed_what_was_sent(seen, said.body, doer.now)
    token = f"{BY_RULE}{doer.run_id}"
    try:
        hand_over(seen.customer, route, said, doer.now, until, token, answers=answered)
    except (AnsweredLately, Loop) as limit:
        raise HeldBack(str(limit)) from None
    doer.wakes.add(Task.DRAIN_OUTBOX)
    return f"Sent a text by {route.channel.label}."


def _of_use_until(seen: Snapshot, now: datetime) -> datetime:
    """From then on it must not leave any more. Raises HeldBack where that is over, and Later."""
    theirs = seen.event.type in JUST_ASKED
    until = seen.at + (ANSWER_OF_USE if theirs and seen.at == seen.event.at else OF_USE)
    if until <= now:
        raise HeldBack(TOO_LATE)
    quiet = quiet_hours(seen.tenant, seen.customer)
    if quiet is None or (theirs and now < seen.event.at + JUST_NOW):
        return until
    if quiet.holds(now):
        raise Later(quiet.over(now))
    return min(until, quiet.begins_next(now))
