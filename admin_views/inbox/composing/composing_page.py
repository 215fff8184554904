"""What the composer shows beside the channels: what the user has begun, and the files with it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import request
from flask_security import current_user

from admin_views.inbox.composer import Choice
from app.models import Customer
from app.outbox.compose import draft_files, drafts
from app.outbox.compose.drafts import Begun
from app.prepared import Question


class Asked(NamedTuple):
    begun: Question[Begun]
    has_files: Question[bool]


def asked(customer: Customer, user_id: int | None) -> Asked:
    """What composing_context tells."""
    return Asked(
        drafts.asked_begun(user_id, customer.id), draft_files.has_any(user_id, customer.id)
    )


def composing_context(
    customer: Customer, user_id: int | None, choices: Sequence[Choice], asked: Asked
) -> dict[str, Any]:
    """The user's draft to the customer; an operator (None) has none."""
    begun = asked.begun.answer
    usable = {choice.channel.key for choice in choices if not choice.refusal}
    return {
        "draft": begun.body,
        "subject": begun.subject,
        # The address names one where somebody has just chosen to go on by it.
        "chosen": next(
            (by for by in (request.args.get("by"), begun.channel) if by in usable), None
        ),
        "files": draft_files.in_draft(user_id, customer.id) if asked.has_files.answer else [],
        "ctrl_enter_sends": current_user.ctrl_enter_sends,
        "has_preference": user_id is not None,
    }
