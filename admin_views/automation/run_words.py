"""What a rule's run looked at and what came of it, as staff read it."""

from app.models import AutomationRun, EventType, RunStatus

STATUS = {
    RunStatus.DONE: "Done",
    RunStatus.WAITING: "Waits",
    RunStatus.UNMET: "Did not apply",
    RunStatus.VOID: "No longer needed",
    RunStatus.HELD_BACK: "Held back",
    RunStatus.FAILED: "Failed",
}
HAPPENED = {
    EventType.MESSAGE_RECEIVED: "The customer wrote",
    EventType.MESSAGE_FAILED: "A message to the customer failed",
    EventType.CALL_MISSED: "The customer called and nobody took the call",
    EventType.APPOINTMENT_BOOKED: "An appointment was booked",
    EventType.APPOINTMENT_MOVED: "An appointment was moved",
    EventType.APPOINTMENT_CANCELLED: "An appointment was cancelled",
    EventType.APPOINTMENT_COMPLETED: "An appointment was completed",
    EventType.APPOINTMENT_MISSED: "The customer did not come",
    EventType.LABEL_ADDED: "A label was added",
    EventType.REPLY_READ: "A reply to a reminder was read",
}


def happened(type_: str) -> str:
    """What set a rule off, by the event's type."""
    return HAPPENED.get(EventType(type_), type_) if type_ in set(EventType) else type_


def came(run: AutomationRun) -> str:
    """What came of it: what was done, or why nothing was; empty while it waits for no reason."""
    return " ".join([*run.done, run.reason]).strip()


def did(run: AutomationRun) -> str:
    """What a rule did, in one quiet line: Rule “Price list”: sent a text by SMS; wrote a note."""
    done = (each[:1].lower() + each[1:].rstrip(".") for each in run.done)
    return f"Rule “{run.rule_name}”: {'; '.join(done)}"
