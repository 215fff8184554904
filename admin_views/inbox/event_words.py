"""What was done with a conversation, as its timeline says it."""

from datetime import datetime

from app.inbox.conversation_rows import ConversationRow
from app.lib.time.business_time import BusinessTime
from app.models import ConversationEvent, Direction
from app.models import ConversationEventKind as Kind
from app.models.conversation import AUTOMATIC
from app.models.done_by import DoneBy

WORDS = {
    Kind.CLOSED: "{who} closed this",
    Kind.FINISHED: "{who} marked this done",
    Kind.OPENED: "{who} opened this again",
    Kind.SNOOZED: "{who} snoozed this until {until}",
    Kind.WOKE: "The snooze is over",
    Kind.ASSIGNED: "{who} assigned this to {about}",
    Kind.UNASSIGNED: "{who} took this from {about}",
    Kind.LABEL_ADDED: "{who} added the label {about}",
    Kind.LABEL_REMOVED: "{who} removed the label {about}",
}
SOMEBODY = "somebody"


def who(done: DoneBy) -> str:
    """A colleague, or the rule in quotation marks; KaiVox is its operator, too."""
    if done.rule_name:
        return f"Rule “{done.rule_name}”"
    return str(done.user) if done.user else "KaiVox"


def said_by(talk: ConversationRow, me: int | None) -> str:
    """Whose words a conversation shows; empty for the customer's."""
    if talk.last_direction == AUTOMATIC:
        return "Automatic"
    if talk.last_direction != Direction.OUTBOUND:
        return ""
    mine = talk.last_author_id is not None and talk.last_author_id == me
    return "You" if mine else talk.last_author or "KaiVox"


def told(event: ConversationEvent, there: BusinessTime, now: datetime) -> str:
    """In a sentence; times are the business's."""
    if event.kind == Kind.ASSIGNED and event.user and event.about == str(event.user):
        return f"{event.user} took this"
    until = there.near(event.until, now) if event.until else ""
    about = event.about or SOMEBODY
    return WORDS[Kind(event.kind)].format(who=who(event), about=about, until=until)
