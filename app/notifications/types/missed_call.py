from app.notifications.types.base import NotificationType, Text

TYPE = NotificationType(
    key="missed_call",
    label="Missed-call follow-up",
    order=3,
    variables=("customer_name", "business_name"),
    texts={
        "en": Text(
            "We missed your call",
            "Hi, this is {{business_name}}. Sorry that we missed your call. How can we help? "
            "You can answer right here.",
        ),
        "es": Text(
            "No pudimos atender tu llamada",
            "Hola, somos {{business_name}}. Sentimos no haber podido atender tu llamada."
            " ¿En qué te ayudamos? Puedes responder a este mensaje.",
        ),
    },
)
