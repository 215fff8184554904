"""The languages that automatic messages speak, and their words for what is not known."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    label: str
    customer: str
    """Whom we greet without knowing the name."""
    service: str
    """What was booked, where nothing more is known."""
    staff: str
    """Who serves, where nobody was named."""
    attends: str
    """What was booked, where somebody else comes than who is written to."""
    last: str
    """Between the last two of several."""
    unsubscribe: str
    """What the link below an email is called by which no more come."""


LANGUAGES = {
    "en": Language(
        label="English",
        customer="there",
        service="appointment",
        staff="our team",
        attends="{what} for {name}",
        last=" and ",
        unsubscribe="Unsubscribe",
    ),
    "es": Language(
        label="Spanish",
        customer="estimado cliente",
        service="cita",
        staff="nuestro equipo",
        attends="{what} para {name}",
        last=" y ",
        unsubscribe="Darse de baja",
    ),
}


def known(tag: str | None, otherwise: str = "en") -> str:
    """The key in LANGUAGES of a tag such as es, es-MX or en_US; otherwise, where it is none."""
    language = (tag or "").replace("_", "-").partition("-")[0].strip().lower()
    return language if language in LANGUAGES else otherwise
