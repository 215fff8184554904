"""Why a conversation is as it was, though somebody wanted to do something with it.

Empty where that is what was wanted.
"""

from collections.abc import Callable

from app.inbox.conversation_commands import Seen
from app.models import Conversation
from app.outbox.queue.stop_asked import UNDECIDED

MEANWHILE = "Something came meanwhile. Read it first; then do it again."
NO_CONVERSATION = "There is no conversation with this customer yet. Write the first message."

Why = Callable[[Conversation | None, Seen | None], str]


def unmoved(talk: Conversation | None, seen: Seen | None) -> str:
    """Of what does not depend on more than what came."""
    if talk is None:
        return NO_CONVERSATION
    came = seen and (
        talk.last_message_id > seen.message_id or (talk.last_call_id or 0) > seen.call_id
    )
    return MEANWHILE if came else ""


def not_closed(talk: Conversation | None, seen: Seen | None) -> str:
    """As above, and whoever may want no more messages is not put away undecided."""
    undecided = UNDECIDED if talk and talk.stop_asked_id and not talk.closed_at else ""
    return unmoved(talk, seen) or undecided
