"""The WhatsApp templates that the demo business got approved; the simulator knows them, too."""

from sqlalchemy import select

from app.extensions import db
from app.models import MessageTemplate, WhatsappTemplate

TEMPLATES = (
    (
        "Open question",
        "en",
        "HX3f1c5a7e9b2d4068a1c3e5f7092b4d6e",
        "Hi {{1}}, this is Bella Salon. You asked us about {{2}}. Are you still interested? Just"
        " answer here.",
    ),
    (
        "Reminder",
        "en",
        "HX5b7d9f1a3c5e70829b4d6f8091a3c5e7",
        "Hi {{1}}, a reminder from Bella Salon: we expect you on {{2}} at {{3}}. Can't make it?"
        " Just answer here.",
    ),
    (
        "Time for a visit",
        "es",
        "HX8d0b2f4a6c1e3957b9d1f3058a7c2e4b",
        "Hola {{1}}, te escribimos de Bella Salon. ¿Quieres reservar {{2}}? Responde a este"
        " mensaje y buscamos una hora.",
    ),
)


GAPS = {"1": "customer_name", "2": "appointment_date", "3": "appointment_time"}


def create() -> None:
    """Enter them for the tenant in scope; one stands in for its reminder."""
    for name, language, content_sid, body in TEMPLATES:
        template = WhatsappTemplate(
            name=name, language=language, content_sid=content_sid, body=body
        )
        db.session.add(template)
    db.session.flush()
    approved = select(WhatsappTemplate.id).filter_by(name="Reminder")
    text = select(MessageTemplate).filter_by(type="appointment_reminder", channel="whatsapp")
    reminder = db.session.scalars(text).one()
    reminder.approved_id, reminder.gaps = db.session.scalars(approved).one(), GAPS
    db.session.commit()
