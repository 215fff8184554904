"""The WhatsApp templates that the demo business got approved; the simulator knows them, too."""

from app.extensions import db
from app.models import WhatsappTemplate

TEMPLATES = (
    (
        "Open question",
        "en",
        "HX3f1c5a7e9b2d4068a1c3e5f7092b4d6e",
        "Hi {{1}}, this is Bella Salon. You asked us about {{2}}. Are you still interested? Just"
        " answer here.",
    ),
    (
        "Time for a visit",
        "es",
        "HX8d0b2f4a6c1e3957b9d1f3058a7c2e4b",
        "Hola {{1}}, te escribimos de Bella Salon. ¿Quieres reservar {{2}}? Responde a este"
        " mensaje y buscamos una hora.",
    ),
)


def create() -> None:
    """Enter them for the tenant in scope."""
    for name, language, content_sid, body in TEMPLATES:
        template = WhatsappTemplate(
            name=name, language=language, content_sid=content_sid, body=body
        )
        db.session.add(template)
    db.session.commit()
