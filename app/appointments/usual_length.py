"""How long an appointment is where nobody says."""

from app.extensions import db
from app.models import Service

MINUTES = 60


def usual_minutes(service_id: int | None) -> int:
    """Of the service of that id, which there is; MINUTES where it is of none."""
    return db.session.get_one(Service, service_id).duration_minutes if service_id else MINUTES
