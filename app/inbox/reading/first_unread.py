"""Where in a thread what nobody has read begins."""

from app.inbox.thread import Line, Thread
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Conversation


def key(page: Thread, conversation: Conversation | None) -> str:
    """The key of the first line of the page that is unread; empty: nothing is. Where more is unread
    than the page holds, it is the page's first that may be."""
    left = conversation.unread_count if conversation else 0
    counting = [line for line in page.lines if _counts(line)][-left:] if left else []
    return counting[0].key if counting else ""


def _counts(line: Line) -> bool:
    """Whether it was counted as unread when it came."""
    if line.call:
        return line.call.outcome == CallOutcome.MISSED
    message = line.message
    if message is None or not message.inbound:
        return False
    return message.received_email is None or message.received_email.personal
