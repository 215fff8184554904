from app.notifications.types.notification_type import OF_AN_APPOINTMENT, Kind, Text

ANSWER = Kind(
    key="answer_confirmed",
    label="When they confirm",
    order=1,
    help="They say that they come: «Y», «ok, see you then».",
    variables=OF_AN_APPOINTMENT,
    texts={
        "en": Text(
            "See you on {{appointment_date}}",
            "Thank you! See you on {{appointment_date}} at {{appointment_time}} at"
            " {{business_name}}.",
        ),
        "es": Text(
            "Te esperamos el {{appointment_date}}",
            "¡Gracias! Te esperamos el {{appointment_date}}, {{appointment_time}}, en"
            " {{business_name}}.",
        ),
    },
    answers=True,
)
