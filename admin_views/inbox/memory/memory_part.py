"""What is remembered of a customer, as the part of a page that shows it, and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from admin_views.times import business_time
from app.customers.address_consent import Consent
from app.memory.customer_history import history
from app.memory.memory_line import Line, Place
from app.memory.recall import recall
from app.models import Customer


def memory_part(customer: Customer, consent: Sequence[Consent], now: datetime) -> dict[str, Any]:
    """For the templates of inbox/memory, by one statement."""
    known = history(customer.id)
    lines = recall(known, customer, consent, business_time(), now)
    return {
        "memory": [(line, address(line, customer.id)) for line in lines],
        "pinned": known.pinned,
    }


def memory_json(memory: Sequence[tuple[Line, str]]) -> list[dict[str, Any]]:
    return [
        {"label": line.label, "sentence": line.sentence, "source": line.source, "link": link}
        for line, link in memory
    ]


def address(line: Line, customer_id: int) -> str:
    """Where that can be seen."""
    match line.place:
        case Place.APPOINTMENT:
            return url_for("calendar.show", appointment_id=line.id, to="profile")
        case Place.THREAD if line.id:
            # The page that ends with it, however long ago it was.
            return url_for(
                "inbox.show",
                customer_id=customer_id,
                before=line.id + 1,
                _anchor=f"message-{line.id}",
            )
        case Place.THREAD:
            return url_for("inbox.show", customer_id=customer_id)
        case part:
            return url_for("profile.show", customer_id=customer_id, _anchor=part.value)
