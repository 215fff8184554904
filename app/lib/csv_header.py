"""How other programs call the columns of their files."""

import re
import unicodedata
from collections.abc import Collection, Mapping

# Our columns, and the other names that each goes by.
Synonyms = Mapping[str, Collection[str]]

# The rest of a name such as “Phone 1 - Value” (Google Contacts).
NUMBERED = re.compile(r"(phone|email) 1 value")
# The same column in other words: Google Contacts, Outlook, Square, Fresha, our own panels.
CUSTOMERS: Synonyms = {
    "first_name": ("first name", "given name", "forename", "vorname", "nombre", "prenom"),
    "last_name": (
        "last name",
        "family name",
        "surname",
        "nachname",
        "apellido",
        "apellidos",
        "nom",
        "nom de famille",
    ),
    "name": ("name", "full name", "display name", "client name", "customer name", "client"),
    "phone": (
        "phone",
        "phone number",
        "mobile",
        "mobile phone",
        "mobile number",
        "primary phone",
        "cell",
        "cell phone",
        "telephone",
        "telefon",
        "telefonnummer",
        "handy",
        "mobil",
        "telefono",
        "movil",
        "telefono movil",
        "portable",
        "tel",
    ),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "correo", "courriel"),
    "reached_at": ("reached at",),
    "language": ("language", "preferred language", "sprache", "idioma", "langue"),
    "preferred_channel": ("preferred channel", "prefers"),
    "external_id": (
        "external id",
        "reference id",
        "customer id",
        "client id",
        "your own number",
        "your own number for them",
        "kundennummer",
    ),
    "kaivox_id": ("kaivox id",),
}
APPOINTMENTS: Synonyms = {
    "external_id": (
        "external id",
        "appointment id",
        "booking id",
        "reference",
        "your own number for it",
    ),
    "customer_phone": (
        "customer phone",
        "phone",
        "phone number",
        "mobile",
        "telephone",
        "customer",
    ),
    "customer_email": ("customer email", "email", "e mail"),
    "customer_external_id": ("customer external id", "customer id", "client id"),
    "service": ("service", "treatment"),
    "staff": ("staff", "staff member", "team member", "with"),
    "starts_at": ("starts at", "start", "start time", "begins", "date and time"),
    "duration_minutes": ("duration minutes", "minutes", "duration", "length"),
    "status": ("status", "state"),
    "kaivox_id": ("kaivox id",),
    "customer_kaivox_id": ("customer kaivox id",),
}


def known_as(header: list[str], synonyms: Synonyms) -> list[str]:
    """The header in our own words, of which each stands once, and means first whoever writes it as
    we do; a name that is none of them stays as it is written, in small letters."""
    own = {column.replace("_", " "): column for column in synonyms}
    written = {own.get(_plain(name)) for name in header}
    others = {
        word: column
        for column, words in synonyms.items()
        for word in words
        if column not in written
    }
    ours = others | own
    taken: set[str] = set()
    named = []
    for name in header:
        column = ours.get(_plain(name))
        named.append(column if column and column not in taken else name.strip().lower())
        taken.add(named[-1])
    return named


def _plain(name: str) -> str:
    """Without case, accents and punctuation."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    words = " ".join(re.split(r"[\W_]+", letters.replace("e-mail", "email"))).strip()
    numbered = NUMBERED.fullmatch(words)
    return numbered[1] if numbered else words
