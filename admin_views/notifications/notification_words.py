"""What people and programs are told of notifications and their settings."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from admin_views.frame import business
from admin_views.numbers import pretty
from admin_views.times import business_time
from app.notifications.forecast.effect import EXAMPLES, Change, Effect
from app.notifications.forecast.preview import Entry, Preview
from app.notifications.settings import Policy
from app.notifications.types import TYPES


def policy_json(policy: Policy) -> dict[str, Any]:
    """In the form in which a PUT takes it, and since when all is paused."""
    paused_at = business().paused_at
    return {
        "types": {
            key: {
                "enabled": wanted.enabled,
                "channel": wanted.channel,
                "falls_back": wanted.falls_back,
                "options": wanted.options,
            }
            for key, wanted in policy.types.items()
        },
        "quiet_from": _clock(policy.quiet_from),
        "quiet_until": _clock(policy.quiet_until),
        "reply_cancels": policy.reply_cancels,
        "paused_at": paused_at and paused_at.isoformat(),
    }


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def effect_json(effect: Effect) -> dict[str, Any]:
    groups = {"new": effect.new, "moved": effect.moved, "dropped": effect.dropped}
    told: dict[str, Any] = {"appointments": effect.looked_at, "more": effect.more}
    for name, changes in groups.items():
        examples = [_change_json(change) for change in changes[:EXAMPLES]]
        told[name] = {"count": len(changes), "examples": examples}
    return told


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "type": change.type,
        "customer": change.appointment.customer.name,
        "appointment_id": change.appointment.id,
        "starts_at": change.appointment.starts_at.isoformat(),
        "before": change.before and change.before.isoformat(),
        "after": change.after and change.after.isoformat(),
    }


def change_words(now: datetime) -> Callable[[Change], str]:
    """Says an example: «Ann Salon: appointment reminder, Thu, Nov 19, 10:00 AM → at once»."""
    there = business_time()

    def when(moment: datetime) -> str:
        return "at once" if moment <= now else there.near(moment, now)

    def say(change: Change) -> str:
        who, what = pretty(change.appointment.customer.name), TYPES[change.type].label.lower()
        times = " → ".join(when(moment) for moment in (change.before, change.after) if moment)
        return f"{who}: {what}, {times}"

    return say


def preview_json(preview: Preview) -> dict[str, Any]:
    return {
        "until": preview.until.isoformat(),
        "segments": preview.segments,
        "price": preview.price or None,
        "more": preview.more,
        "notifications": [_entry_json(entry) for entry in preview.entries],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    row, send = entry.row, entry.send
    told: dict[str, Any] = {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "customer_id": row.customer_id,
        "customer": entry.customer.name,
        "appointment_id": row.appointment_id,
        "at": entry.at.isoformat(),
        "left_out": entry.reason or None,
    }
    if send and entry.cost:
        told |= {
            "channel": send.route.channel.key,
            "to": send.route.recipient,
            "subject": send.wording.subject,
            "body": send.wording.body,
            "segments": entry.cost.segments,
            "price": entry.cost.price or None,
            "rule": entry.rule,
        }
    return told
