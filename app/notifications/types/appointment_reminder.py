from app.notifications.types.base import NotificationType, Text

TYPE = NotificationType(
    key="appointment_reminder",
    label="Appointment reminder",
    order=2,
    variables=(
        "customer_name",
        "business_name",
        "service_name",
        "appointment_date",
        "appointment_time",
        "staff_name",
    ),
    texts={
        "en": Text(
            "Reminder: {{appointment_date}} at {{appointment_time}}",
            "Hi {{customer_name}}, a reminder of your {{service_name}} at {{business_name}} on"
            " {{appointment_date}} at {{appointment_time}} with {{staff_name}}. Can't make it? Just"
            " answer here.",
        ),
        "es": Text(
            "Recordatorio: {{appointment_date}}, {{appointment_time}}",
            "Hola, {{customer_name}}: te recordamos tu {{service_name}} con {{staff_name}} el"
            " {{appointment_date}}, {{appointment_time}}, en {{business_name}}. ¿No puedes venir?"
            " Responde a este mensaje.",
        ),
    },
)
