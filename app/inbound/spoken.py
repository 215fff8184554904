"""What callers and staff hear, in the language of the business's country."""

from babel import Locale, UnknownLocaleError

NOBODY = {
    "en": "Sorry, nobody can take your call right now. Goodbye.",
    "es": "Lo sentimos, en este momento nadie puede atender su llamada. Adiós.",
}
PRESS_ONE = {
    "en": "A call for {business}. Press 1 to take it.",
    "es": "Una llamada para {business}. Pulse 1 para atenderla.",
}


def language(country: str) -> str:
    """The language that most people there speak (CLDR's likely subtags), if we have sentences in
    it; else English."""
    try:
        likely = Locale.parse(f"und_{country}").language
    except UnknownLocaleError:
        return "en"
    return likely if likely in NOBODY else "en"
