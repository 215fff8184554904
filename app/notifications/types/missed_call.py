from app.notifications.types.base import NotificationType, Option, Text

TYPE = NotificationType(
    key="missed_call",
    label="Missed-call follow-up",
    order=3,
    help="Goes out within a quarter of an hour after a call that nobody took.",
    rule="after a call that nobody took",
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
    options=(
        Option(
            "hours",
            "At most once in",
            "number",
            24,
            "However often somebody calls in this time, they get one message.",
            least=1,
            most=720,
            unit="hours",
        ),
    ),
)
