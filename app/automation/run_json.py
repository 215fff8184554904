"""What a rule made of what happened, as programs read it."""

from typing import Any

from app.models import AutomationRun


def as_json(run: AutomationRun) -> dict[str, Any]:
    """Ids as strings, times in ISO 8601 and UTC."""
    event = run.event
    return {
        "id": str(run.id),
        "at": run.created_at.isoformat(),
        "rule": run.rule_name,
        "rule_id": _id(run.rule_id),
        "rule_version": run.rule_version,
        "event": {
            "id": str(event.id),
            "type": event.type,
            "at": event.at.isoformat(),
            "origin": event.origin,
            "cause_id": _id(event.cause_id),
            "message_id": _id(event.message_id),
            "appointment_id": _id(event.appointment_id),
            "call_id": _id(event.call_id),
        },
        "customer_id": str(run.customer_id),
        "status": run.status,
        "facts": run.facts,
        "done": run.done,
        "reason": run.reason,
        "due_at": run.due_at.isoformat(),
        "done_at": run.done_at.isoformat() if run.done_at else None,
    }


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
