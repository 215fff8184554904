"""The request for a review after a visit."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.models import Notification
from app.models.appointment import AppointmentStatus
from app.notifications.causes import Cause, Hindrance
from app.notifications.limits.recent import ask_ahead, other
from app.notifications.types.notification_type import (
    OF_THE_CUSTOMER,
    NotificationType,
    Option,
    Past,
    Slot,
    Step,
    Text,
)

# Whoever is asked much later has forgotten the visit.
WORTH_ASKING = timedelta(days=7)


def plan(slot: Slot, options: Mapping[str, Any], past: Past, now: datetime) -> Iterable[Step]:
    """After a visit, if the business wants that."""
    until = slot.ends_at + WORTH_ASKING
    if slot.status in TYPE.states and options["after_visit"] and until > now:
        yield Step(0, slot.ends_at + timedelta(hours=options["delay"]), until)


def hindered(row: Notification, options: Mapping[str, Any], at: datetime) -> Hindrance | None:
    """Nobody is asked twice within the business's time, and nobody without a place to answer."""
    if not options["link"]:
        return Hindrance(
            Cause.NO_LINK,
            "No review page is set. An admin can enter its address in the notification settings.",
        )
    if last := other(row, at - timedelta(days=options["days"])):
        return Hindrance(Cause.RECENTLY, _asked(last, options["days"]))
    return None


def _asked(last: Notification, days: int) -> str:
    if last.decided_at is None:
        return "Another review request to them is planned already."
    return f"They were asked within the last {days} days already."


TYPE = NotificationType(
    key="review_request",
    label="Review request",
    order=6,
    help="Goes out when you press the button on a customer's page, and after visits if you like.",
    rule="to ask how the visit was",
    variables=(
        *("customer_name", "business_name", "service_name", "staff_name", "review_link"),
        *OF_THE_CUSTOMER,
    ),
    texts={
        "en": Text(
            "How was your visit?",
            "Hi {{customer_name}}, thank you for visiting {{business_name}}. How did we do? "
            "We would be glad about a short review: {{review_link}}",
        ),
        "es": Text(
            "¿Qué tal tu visita?",
            "Hola, {{customer_name}}: gracias por venir a {{business_name}}. ¿Nos cuentas qué te"
            " ha parecido? Basta un momento: {{review_link}}",
        ),
    },
    options=(
        Option("link", "Review page", "link", "", "Where your customers write their reviews."),
        Option("after_visit", "Ask after each completed appointment", "flag", False),
        Option("delay", "After the visit, wait", "number", 2, least=0, most=72, unit="hours"),
        Option(
            "days",
            "At most once in",
            "number",
            90,
            "Nobody is asked again within this time.",
            least=1,
            most=730,
            unit="days",
        ),
    ),
    states=frozenset({AppointmentStatus.COMPLETED}),
    plan=plan,
    hindered=hindered,
    ask_ahead=lambda rows, options, now: ask_ahead(rows, now - timedelta(days=options["days"])),
)
