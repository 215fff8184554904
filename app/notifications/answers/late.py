from app.notifications.types.notification_type import OF_AN_APPOINTMENT, Kind, Text

ANSWER = Kind(
    key="answer_late",
    label="When they run late",
    order=2,
    help="They say so. The inbox tells you, too.",
    variables=OF_AN_APPOINTMENT,
    texts={
        "en": Text(
            "Your appointment on {{appointment_date}}",
            "Thank you for telling us that you are running late for {{appointment_time}}: the team"
            " of {{business_name}} knows now.",
        ),
        "es": Text(
            "Tu cita del {{appointment_date}}",
            "Gracias por avisarnos de que llegas tarde a tu cita del {{appointment_date}},"
            " {{appointment_time}}: ya lo sabe el equipo de {{business_name}}.",
        ),
    },
    answers=True,
)
