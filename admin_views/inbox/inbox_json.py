"""The inbox as a program reads it."""

from datetime import UTC, datetime
from typing import Any

from app.inbox.thread import Thread
from app.models import Call, Customer, Message


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def message_json(message: Message) -> dict[str, Any]:
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


def call_json(call: Call) -> dict[str, Any]:
    return {"id": call.id, "caller": call.caller, "started_at": _iso(call.started_at)}


def thread_json(customer: Customer, page: Thread) -> dict[str, Any]:
    return {
        "customer": {"id": customer.id, "name": customer.name},
        "messages": [message_json(message) for message in page.messages],
        "missed_calls": [call_json(call) for call in page.calls],
        "earlier": page.earlier,
    }


def list_json(context: dict[str, Any]) -> dict[str, Any]:
    counts = context["counts"]
    return {
        "counts": {
            "total": counts.total,
            "today": counts.today,
            "failed": context["failed_count"],
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
            }
            for row in context["conversations"]
        ],
        "after": str(context["following"]) if context["following"] else None,
    }
