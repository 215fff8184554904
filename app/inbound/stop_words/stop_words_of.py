"""What a language of stop words consists of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How people end messages in a language; a new one is a file in this folder with a LANGUAGE.

    Texts are plain: small letters and digits, without accents, apostrophes or marks.
    """

    stops: tuple[str, ...]
    """What ends them where it is the whole message, whatever stands between its words."""
    alone: tuple[str, ...]
    """What asks for it where a clause says nothing else but courtesies, as do the ones above."""
    courtesy: tuple[str, ...]
    asks: tuple[str, ...]
    """What asks for it within a sentence, as regular expressions."""
