"""The tables that are spread: those that grow with what customers do, not with the businesses."""

SPREAD = (
    "appointment",
    "automation_event",
    "automation_run",
    "call",
    "consent_event",
    "contact_point",
    "conversation",
    "conversation_event",
    "customer",
    "customer_words",
    "media",
    "message",
    "message_event",
    "message_words",
    "notification",
    "received_email",
    "reply",
    "webhook_delivery",
)
