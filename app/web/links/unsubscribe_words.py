"""What the page behind the link in an email says, in the languages that emails are written in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    title: str
    asks: str
    stop: str
    stopped: str
    start: str


WORDS = {
    "en": Words(
        title="Emails from {business}",
        asks="{business} writes to you about appointments. Unsubscribe, and it sends no more emails"
        " to the address that got this link, reminders included.",
        stop="Unsubscribe",
        stopped="{business} sends no more emails to the address that got this link.",
        start="Subscribe again",
    ),
    "es": Words(
        title="Correos de {business}",
        asks="{business} le escribe sobre sus citas. Si se da de baja, no enviará más correos a la"
        " dirección que recibió este enlace, tampoco recordatorios.",
        stop="Darse de baja",
        stopped="{business} ya no enviará correos a la dirección que recibió este enlace.",
        start="Volver a recibirlos",
    ),
}
