"""A customer's page as a program reads it."""

from datetime import UTC, datetime
from typing import Any

from admin_views.inbox.memory.memory_part import memory_json
from admin_views.notifications.outcomes import outcome_of
from app.customers.address_consent import Consent
from app.customers.customer_profile import Visit
from app.customers.marketing import Word
from app.memory.pinned_facts import Pinned
from app.models import Call, Notification


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def profile_json(known: dict[str, Any]) -> dict[str, Any]:
    customer, asked = known["customer"], known["asked"]
    return {
        "id": customer.id,
        "name": customer.name,
        "language": customer.language,
        "preferred_channel": customer.preferred_channel,
        "timezone": customer.timezone,
        "reached_through_id": customer.reached_through_id,
        "family": [{"id": each.id, "name": each.name} for each in known["family"]],
        "pinned": [_pinned(fact) for fact in known["pinned"]],
        "memory": memory_json(known["memory"]),
        "consent": [
            _consent(row) | _offers(known["offers"].get((row.channel, row.address)))
            for row in known["consent"]
        ],
        "appointments": [_appointment(row) for row in [*known["coming"], *known["past"]]],
        "calls": [_call(row) for row in known["calls"]],
        "notifications": [_notification(row) | {"why": why} for row, why in known["notifications"]],
        "review_request": request_json(asked) if asked else None,
    }


def request_json(row: Notification) -> dict[str, Any]:
    return _notification(row) | {"opens": row.opens, "opened_at": _iso(row.opened_at)}


def _pinned(fact: Pinned) -> dict[str, Any]:
    return {
        "id": fact.id,
        "fact": fact.fact,
        "at": _iso(fact.at),
        "version": fact.version,
        "by": fact.who,
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "address": row.address,
        "stopped": row.stopped,
        "invalid_since": _iso(row.invalid_since),
        "since": _iso(row.event.at) if row.event else None,
        "message": row.words,
        "given_at": _iso(row.event.given_at) if row.event else None,
        "evidence": row.event.evidence if row.event else "",
    }


def _offers(word: Word | None) -> dict[str, Any]:
    said: dict[str, Any] = {"agreed": word is not None and word.agreed}
    if word:
        said |= {"at": _iso(word.at), "given_at": _iso(word.given_at)}
        said |= {"source": word.source, "by": word.who, "evidence": word.evidence}
    return {"marketing": said}


def _appointment(row: Visit) -> dict[str, Any]:
    return {
        "id": row.id,
        "starts_at": _iso(row.starts_at),
        "duration_minutes": row.duration_minutes,
        "status": row.status,
        "customer_id": row.customer_id,
        "attendee": row.attendee or None,
        "service": row.service,
        "staff_member": row.staff_member,
    }


def _call(row: Call) -> dict[str, Any]:
    return {
        "id": row.id,
        "started_at": _iso(row.started_at),
        "outcome": row.outcome,
        "duration_seconds": row.duration_seconds,
        "follow_up": _notification(row.follow_up) if row.follow_up else None,
    }


def _notification(row: Notification) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "cause": row.cause,
        "why": outcome_of(row).why,
        "channel": row.channel,
        "due_at": _iso(row.due_at),
        "decided_at": _iso(row.decided_at),
        "appointment_id": row.appointment_id,
        "message_id": row.message_id,
        "message_status": row.message.status if row.message else None,
    }
