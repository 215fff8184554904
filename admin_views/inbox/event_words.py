"""What was done with a conversation, as its timeline says it."""

from datetime import datetime, timedelta

from app.inbox.conversation_rows import ConversationRow
from app.inbox.timeline import CallRow, EventRow, NoteRow
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import lasted
from app.models import ConversationEventKind as Kind
from app.models import Direction
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
    Kind.BOOKED: "Appointment booked: {start}",
    Kind.MOVED: "Appointment moved from {was} to {start}",
    Kind.CONFIRMED: "Appointment confirmed: {start}",
    Kind.CANCELLED: "Appointment cancelled: {start}",
    Kind.COMPLETED: "Appointment done: {start}",
    Kind.NO_SHOW: "Did not come: {start}",
    Kind.REOPENED: "Appointment is on again: {start}",
    Kind.TAPPED: "They tapped “{about}”",
    Kind.CAME_BY: "Came by “{about}”",
}
# What names who comes, where that is not the customer.
OF_APPOINTMENTS = (
    *(Kind.BOOKED, Kind.MOVED, Kind.CONFIRMED, Kind.CANCELLED),
    *(Kind.COMPLETED, Kind.NO_SHOW, Kind.REOPENED),
)
SOMEBODY = "somebody"
ANSWERED = "Call answered"
RANG = {CallOutcome.MISSED: "Missed call", CallOutcome.ANSWERED: ANSWERED}


def who(done: DoneBy | NoteRow | EventRow) -> str:
    """A colleague, or the rule in quotation marks; KaiVox is its operator, too."""
    if done.rule_name:
        return f"Rule “{done.rule_name}”"
    return str(done.user) if done.user else "KaiVox"


def rang(call: CallRow) -> str:
    """What became of a call, and how long they spoke."""
    said = RANG.get(CallOutcome(call.outcome), "Call: how it ended is not known")
    long = call.duration_seconds
    return f"{said}, {lasted(timedelta(seconds=long))}" if said == ANSWERED and long else said


def said_by(talk: ConversationRow, me: int | None) -> str:
    """Whose words a conversation shows; empty for the customer's."""
    if talk.last_direction == AUTOMATIC:
        return "Automatic"
    if talk.last_direction != Direction.OUTBOUND:
        return ""
    mine = talk.last_author_id is not None and talk.last_author_id == me
    return "You" if mine else talk.last_author or "KaiVox"


def told(event: EventRow, there: BusinessTime, now: datetime) -> str:
    """In a sentence; times are the business's."""
    if event.kind == Kind.ASSIGNED and event.user and event.about == event.user:
        return f"{event.user} took this"
    times = {"until": event.until, "start": event.starts_at, "was": event.was_at}
    told = {name: there.near(at, now) if at else "" for name, at in times.items()}
    about = event.about or SOMEBODY
    said = WORDS[Kind(event.kind)].format(who=who(event), about=about, **told)
    said += ", by the customer" if event.by_customer else ""
    return f"{event.about}: {said}" if event.about and event.kind in OF_APPOINTMENTS else said
