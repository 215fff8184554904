"""What a rule's run looked at and what came of it, as staff read it."""

from admin_views.labels import HAPPENED
from app.inbox.timeline import RunRow
from app.models import AutomationRun, RunStatus

STATUS = {
    RunStatus.DONE: "Done",
    RunStatus.WAITING: "Waits",
    RunStatus.UNMET: "Did not apply",
    RunStatus.VOID: "No longer needed",
    RunStatus.HELD_BACK: "Held back",
    RunStatus.FAILED: "Failed",
}


def happened(type_: str) -> str:
    """What set a rule off, by the event's type."""
    return HAPPENED.get(type_, type_)


def came(run: AutomationRun) -> str:
    """What came of it: what was done, or why nothing was; empty while it waits for no reason."""
    return " ".join([*run.done, run.reason]).strip()


def did(run: AutomationRun | RunRow) -> str:
    """What a rule did, in one quiet line: Rule “Price list”: sent a text by SMS; wrote a note."""
    done = (each[:1].lower() + each[1:].rstrip(".") for each in run.done)
    return f"Rule “{run.rule_name}”: {'; '.join(done)}"
