from app.notifications.types.notification_type import OF_AN_APPOINTMENT, Kind, Text

ANSWER = Kind(
    key="answer_to_cancel",
    label="When they ask to cancel",
    order=4,
    help="They cannot come, and you leave cancelling to a person: it waits in the inbox.",
    variables=OF_AN_APPOINTMENT,
    texts={
        "en": Text(
            "Your appointment on {{appointment_date}}",
            "Thank you for telling us that you cannot come on {{appointment_date}} at"
            " {{appointment_time}}: the team of {{business_name}} will see to it and get back to"
            " you.",
        ),
        "es": Text(
            "Tu cita del {{appointment_date}}",
            "Gracias por avisarnos de que no puedes venir el {{appointment_date}},"
            " {{appointment_time}}: el equipo de {{business_name}} se ocupa y te responde.",
        ),
    },
    answers=True,
)
