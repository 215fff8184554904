"""The automatic messages of an appointment: what is planned follows what was agreed on."""

from datetime import datetime

from app.models import Appointment


def keep(appointment: Appointment, now: datetime, announce: bool = True) -> None:
    """Make its planned notifications what they must be, in the caller's transaction.

    announce: whether a booking confirmation is due; without it none is planned anew.
    """


def forget(appointment: Appointment, now: datetime) -> None:
    """Void what is planned for an appointment that is about to be deleted."""
