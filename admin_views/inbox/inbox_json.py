"""The inbox as a program reads it."""

from datetime import UTC, datetime
from typing import Any

from app.inbox import labelling
from app.inbox.conversation_rows import ConversationRow
from app.inbox.reading.message_rows import MessageRow
from app.inbox.statistics import Statistics
from app.inbox.team import mentions
from app.inbox.thread import Thread
from app.inbox.timeline import CallRow, NoteRow
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.clock import now
from app.models import Conversation, ConversationState, Customer, Message


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def message_json(message: Message | MessageRow) -> dict[str, Any]:
    return {
        "id": message.id,
        "customer_id": message.customer_id,
        "channel": message.channel,
        "fell_back_from": message.fell_back_from,
        "content_sid": message.content_sid,
        "direction": message.direction,
        "subject": message.subject,
        "body": message.body,
        "status": message.status,
        "error": message.error,
        "error_code": message.error_code,
        "created_at": _iso(message.created_at),
    }


def call_json(call: CallRow) -> dict[str, Any]:
    return {"id": call.id, "caller": call.caller, "started_at": _iso(call.started_at)}


def note_json(note: NoteRow) -> dict[str, Any]:
    return {
        "id": note.id,
        "body": mentions.told(note.body, mentions.names([note])),
        "user_id": note.user_id,
        "rule_id": note.rule_id,
        "created_at": _iso(note.created_at),
    }


def state_json(row: Conversation | ConversationRow) -> dict[str, Any]:
    state = row.state(now())
    snoozed = state is ConversationState.SNOOZED
    return {
        "state": state,
        "snoozed_until": _iso(row.snoozed_until) if snoozed else None,
        "waiting_since": _iso(row.waits_since),
        "assignee_id": row.assignee_id,
    }


def conversation_json(customer: Customer, row: Conversation | None) -> dict[str, Any]:
    """What has become of it; empty where there is none."""
    labels = labelling.among([customer.id]).get(customer.id, [])
    state = state_json(row) if row else {}
    return state | {"labels": [label.name for label in labels]}


def thread_json(customer: Customer, row: Conversation | None, page: Thread) -> dict[str, Any]:
    return {
        "customer": {"id": customer.id, "name": customer.name},
        **conversation_json(customer, row),
        "notes": [note_json(note) for note in page.notes],
        "messages": [message_json(message) for message in page.messages],
        "missed_calls": [
            call_json(call) for call in page.calls if call.outcome == CallOutcome.MISSED
        ],
        "earlier": page.earlier,
    }


def list_json(context: dict[str, Any], counts: Statistics) -> dict[str, Any]:
    return {
        "counts": {
            "total": counts.total,
            "today": counts.today,
            "failed": context["failed_count"],
            "conversations": context["here"].count,
            **counts.by_channel,
        },
        "conversations": [
            {
                "customer_id": row.customer_id,
                "name": row.customer.name,
                "channel": row.last_channel,
                "missed_call": row.call_missed,
                "preview": row.preview,
                "unread": row.unread_count,
                "may_want_no_more": row.stop_asked_id is not None,
                "failed": context["failed"].get(row.customer_id),
                "waiting": row.open_reply.answer if row.open_reply else None,
                "last_message_at": _iso(row.last_message_at),
                **state_json(row),
                "labels": [label.name for label in context["labels"].get(row.customer_id, [])],
            }
            for row in context["conversations"]
        ],
        "after": str(context["older"]) if context["older"] else None,
        "newer": str(context["newer"]) if context["newer"] else None,
    }
