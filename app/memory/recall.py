"""All that a customer's page and pane remember of them, what needs somebody first."""

from collections.abc import Sequence
from datetime import datetime

from app.lib.time.business_time import BusinessTime
from app.memory.answering_line import answering_lines
from app.memory.asked_line import asked_lines
from app.memory.consent_line import Reached, allowed_lines, stopped_lines
from app.memory.customer_history import History
from app.memory.language_line import language_lines
from app.memory.memory_line import Line
from app.memory.promise_line import promise_lines
from app.memory.usual_line import usual_lines
from app.memory.visit_lines import visit_lines
from app.models import Customer


def recall(
    known: History,
    customer: Customer,
    consent: Sequence[Reached],
    there: BusinessTime,
    now: datetime,
) -> list[Line]:
    """known: of the customer; consent: of all their addresses."""
    return [
        *promise_lines(known.promises, there, now),
        *asked_lines(known.asked, there, now),
        *stopped_lines(consent, there, now),
        *visit_lines(known.visits, there, now),
        *usual_lines(known.visits),
        *answering_lines(customer.preferred_channel, known.said, there),
        *language_lines(customer.language),
        *allowed_lines(consent),
    ]
