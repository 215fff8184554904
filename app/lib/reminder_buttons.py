"""The buttons under a message of ours: a tap comes back with the name that we gave the button, and
is read by that alone, as its label is in the reader's language."""

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum


class Button(StrEnum):
    CONFIRM = "confirm"
    CANCEL = "cancel"
    CLICK = "click"
    """It opened a page or a telephone: no answer to anything."""
    OTHER = "other"
    """Not one of ours."""


@dataclass(frozen=True)
class Tapped:
    button: Button
    about: uuid.UUID | None = None
    """The notification that it stood under (its public_id), as far as it says."""


@dataclass(frozen=True)
class Labels:
    """What the buttons under a reminder say, 20 characters at most (Twilio, twilio/card). A tap may
    be read as a text of the label by carriers: none is a word that ends messages, as Cancel is, or
    begins them, as Yes is."""

    confirm: str
    cancel: str
    call: str


LABELS = {
    "en": Labels("Confirm", "I can't come", "Call us"),
    "es": Labels("Confirmar", "No puedo ir", "Llamar"),
}
ANSWERS = re.compile(r"(confirm|cancel):([0-9a-f-]{36})")
CLICK = re.compile(r"click:[\w-]{1,40}(?::([0-9a-f-]{36}))?")


def read(name: str) -> Tapped | None:
    """What was tapped; None: nothing, they wrote."""
    if not name:
        return None
    if found := ANSWERS.fullmatch(name):
        about = _uuid(found[2])
        return Tapped(Button(found[1]) if about else Button.OTHER, about)
    if found := CLICK.fullmatch(name):
        return Tapped(Button.CLICK, _uuid(found[1] or ""))
    return Tapped(Button.OTHER)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
