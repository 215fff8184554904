"""What the button and the panel say, a language a file; the first is for whoever speaks none."""

from collections.abc import Iterable

from app.webchat.panel_words.chat_words import Words
from app.webchat.panel_words.english import WORDS as ENGLISH
from app.webchat.panel_words.french import WORDS as FRENCH
from app.webchat.panel_words.german import WORDS as GERMAN
from app.webchat.panel_words.spanish import WORDS as SPANISH

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def first_known(wanted: Iterable[str]) -> str:
    """The first language of these (BCP 47, such as de-AT) that there are words in."""
    codes = (each.strip().lower().replace("_", "-").partition("-")[0] for each in wanted)
    return next((code for code in codes if code in LANGUAGES), "en")
