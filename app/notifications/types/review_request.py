from app.notifications.types.base import NotificationType, Text

TYPE = NotificationType(
    key="review_request",
    label="Review request",
    order=4,
    variables=("customer_name", "business_name", "service_name", "staff_name", "review_link"),
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
)
