from app.notifications.types.notification_type import OF_AN_APPOINTMENT, Kind, Text

ANSWER = Kind(
    key="answer_cancelled",
    label="When they cancel",
    order=3,
    help="They cannot come, and you let answers cancel.",
    variables=OF_AN_APPOINTMENT,
    texts={
        "en": Text(
            "Your appointment is cancelled",
            "Your appointment on {{appointment_date}} at {{appointment_time}} at {{business_name}}"
            " is cancelled. For another one just answer here.",
        ),
        "es": Text(
            "Tu cita queda cancelada",
            "Tu cita del {{appointment_date}}, {{appointment_time}}, en {{business_name}} queda"
            " cancelada. Para otra responde a este mensaje.",
        ),
    },
    answers=True,
)
