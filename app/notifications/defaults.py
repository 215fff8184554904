"""What a new business's automatic messages say until it writes its own."""

from collections.abc import Iterator

from app.models import MessageTemplate

TEXTS = {
    "booking_confirmation": (
        "Your appointment at {{business_name}}",
        "Hi {{customer_name}}, your {{service_name}} at {{business_name}} is booked for "
        "{{appointment_date}} at {{appointment_time}} with {{staff_name}}. See you then!",
    ),
    "appointment_reminder": (
        "Reminder: {{appointment_date}} at {{appointment_time}}",
        "Hi {{customer_name}}, a reminder of your {{service_name}} at {{business_name}} on "
        "{{appointment_date}} at {{appointment_time}}. Can't make it? Just answer here.",
    ),
    "missed_call": (
        "We missed your call",
        "Hi, this is {{business_name}}. Sorry that we missed your call. How can we help? "
        "You can answer right here.",
    ),
    "review_request": (
        "How was your visit?",
        "Hi {{customer_name}}, thank you for visiting {{business_name}}. How did we do? "
        "We would be glad about a short review: {{review_link}}",
    ),
}
CHANNELS = ("sms", "whatsapp", "email")


def templates() -> Iterator[MessageTemplate]:
    """One template for each type and channel."""
    for type_, (subject, body) in TEXTS.items():
        for channel in CHANNELS:
            yield MessageTemplate(
                type=type_,
                channel=channel,
                subject=subject if channel == "email" else "",
                body=body,
            )
