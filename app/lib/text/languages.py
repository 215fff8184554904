"""Languages as people write them."""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

# Whose own names for themselves and for the others people here write.
SPEAKERS = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "ru", "uk", "ar", "zh", "vi")


class NoLanguage(ValueError):
    """It is no language that people speak; the text says so in a person's words."""


def language_code(text: str) -> str:
    """The ISO 639-1 code of a language, written as a code of two or three letters, a tag such as
    es-MX, or a name in English or in itself: es for Spanish, Español and spa. Raises NoLanguage.
    """
    word = _plain(text.strip())
    # Without a region: es-MX, English (US).
    code = _codes().get(word) or _codes().get(re.split(r"[-_(,]", word)[0].strip())
    if code is None:
        raise NoLanguage(f"language “{text}” is none: give one such as en or Spanish")
    return code


@cache
def _codes() -> dict[str, str]:
    names = {speaker: _names(speaker) for speaker in SPEAKERS}
    two = {code for code in names["en"] if len(code) == 2}
    # English counts first, where two languages have a word for different ones.
    known = {
        _plain(own[code]): code
        for own in reversed(names.values())
        for code in two.intersection(own)
    }
    aliases = {str(old): str(new) for old, new in get_global("language_aliases").items()}
    known |= {old: new for old, new in aliases.items() if new in two and len(old) == 3}
    return known | {code: code for code in two}


def _names(speaker: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(speaker).languages.items()}


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in bare if not unicodedata.combining(each))
