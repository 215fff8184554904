"""What the page behind the link to a mailbox for answers says, in the languages of our emails."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    title: str
    asks: str
    confirm: str
    done: str
    over: str


WORDS = {
    "en": Words(
        title="Answers to emails",
        asks="{business} wants answers to its emails to come to {address}. Confirm it only if this"
        " is your business and your mailbox.",
        confirm="Confirm",
        done="Confirmed: answers to {business} go to {address}.",
        over="This link is over. Ask for another on the page Business.",
    ),
    "es": Words(
        title="Respuestas a los correos",
        asks="{business} quiere que las respuestas a sus correos lleguen a {address}. Confírmelo"
        " solo si es su negocio y su buzón.",
        confirm="Confirmar",
        done="Confirmado: las respuestas a {business} llegan a {address}.",
        over="Este enlace ha caducado. Pida otro en la página Business.",
    ),
}
