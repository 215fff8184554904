from app.notifications.types.base import NotificationType, Text

TYPE = NotificationType(
    key="booking_confirmation",
    label="Booking confirmation",
    order=1,
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
            "Your appointment at {{business_name}}",
            "Hi {{customer_name}}, your {{service_name}} at {{business_name}} is booked for"
            " {{appointment_date}} at {{appointment_time}} with {{staff_name}}. See you then!",
        ),
        "es": Text(
            "Tu cita en {{business_name}}",
            "Hola, {{customer_name}}: te esperamos en {{business_name}} el {{appointment_date}},"
            " {{appointment_time}}, para tu {{service_name}} con {{staff_name}}. ¡Hasta pronto!",
        ),
    },
)
