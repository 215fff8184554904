"""The limits of a day that are nearly or wholly used, as pages tell of them."""

from typing import Any

from admin_views.frame import business
from app.lib.time.clock import now
from app.models import Spent
from app.operations.limit_warnings import strained
from app.outbox.queue.daily_limit import ALL, NEARLY, Use, asked_uses
from app.prepared import Question

COUNTED = {
    Spent.SEGMENTS: "text segments",
    Spent.CALLS: "forwarded calls",
    Spent.STRANGERS: "texts to unknown callers",
}
# What it means to the business.
MEANS = {
    (Spent.SEGMENTS, NEARLY): "Automatic messages wait until the morning. You can still write.",
    (Spent.SEGMENTS, ALL): "What you write by SMS or WhatsApp now waits until the morning.",
    (Spent.CALLS, NEARLY): "When all are used, callers hear that nobody can take the call.",
    (Spent.CALLS, ALL): "Your telephone does not ring today: callers hear that nobody is there.",
    (Spent.STRANGERS, NEARLY): "When all are used, unknown callers get no text today.",
    (Spent.STRANGERS, ALL): "Unknown callers whose call you missed get no text today.",
}


def asked() -> Question[list[Use]]:
    """What of_ours tells."""
    return asked_uses(business(), now())


def of_ours(uses: Question[list[Use]] | None = None) -> dict[str, Any]:
    """For a page of the business: the level, what is used, and what that means."""
    worst_first = sorted((uses or asked()).answer, key=lambda use: -use.level)
    return {"limits": [(use.level, _used(use), _meaning(use)) for use in worst_first]}


def of_all() -> dict[str, Any]:
    """For a page of the operator: the level, whose it is, and what is used."""
    return {
        "limits": [
            (each.use.level, f"{each.business}:", _used(each.use)) for each in strained(now())
        ]
    }


def _used(use: Use) -> str:
    return f"{use.used:,} of a day's {use.limit:,} {COUNTED[use.kind]} are used."


def _meaning(use: Use) -> str:
    return f"{MEANS[use.kind, use.level]} Ask us if you need more."
