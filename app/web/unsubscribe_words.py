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
        asks="{business} writes to {address} about appointments. Unsubscribe, and it sends no more"
        " emails there, reminders included.",
        stop="Unsubscribe",
        stopped="{business} sends no more emails to {address}.",
        start="Subscribe again",
    ),
    "es": Words(
        title="Correos de {business}",
        asks="{business} escribe a {address} sobre sus citas. Si se da de baja, no enviará más"
        " correos allí, tampoco recordatorios.",
        stop="Darse de baja",
        stopped="{business} ya no enviará correos a {address}.",
        start="Volver a recibirlos",
    ),
}
