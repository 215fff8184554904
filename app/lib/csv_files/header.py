"""How other programs call the columns of their files."""

import re
import unicodedata
from collections.abc import Collection, Mapping

# Our columns, and the other names that each goes by.
Synonyms = Mapping[str, Collection[str]]

# The rest of a name such as “Phone 1 - Value” (Google Contacts).
NUMBERED = re.compile(r"(phone|email)1(?:value)?")
# Means our column only where no other name does.
VAGUE = {"customer"}
# The same column in other words: Google Contacts, Outlook, Square, Fresha, our own panels.
CUSTOMERS: Synonyms = {
    "first_name": (
        "first name",
        "given name",
        "forename",
        "first",
        "vorname",
        "nombre",
        "prenom",
        "nome",
    ),
    "last_name": (
        "last name",
        "last",
        "sobrenome",
        "cognome",
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
        "mobiltelefon",
        "handynummer",
        "celular",
        "cellulare",
        "telephone portable",
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
    "email": (
        "email address",
        "mail",
        "e mail adresse",
        "adresse e mail",
        "correo",
        "correo electronico",
        "courriel",
    ),
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
        "client phone",
        "phone",
        "phone number",
        "mobile",
        "mobile number",
        "mobile phone",
        "telephone",
        "customer",
    ),
    "customer_email": ("client email", "email", "email address"),
    "customer_external_id": ("customer external id", "customer id", "client id"),
    "service": ("service name", "treatment"),
    "staff": ("staff name", "staff member", "team member", "employee", "with"),
    "starts_at": ("starts at", "start", "start time", "begins", "date and time"),
    "duration_minutes": ("minutes", "duration", "duration min", "duration mins", "length"),
    "status": ("status", "state"),
    "kaivox_id": ("kaivox id",),
    "customer_kaivox_id": ("customer kaivox id",),
}


def known_as(header: list[str], synonyms: Synonyms) -> list[str]:
    """The header in our own words, of which each may stand several times: a person has more than
    one telephone. A name that is none of them stays as it is written, in small letters."""
    ours = {_plain(word): column for column, words in synonyms.items() for word in (column, *words)}
    meant = [ours.get(_plain(name)) for name in header]
    return [
        name.strip().lower() if column is None or _is_vague(name, column, meant) else column
        for name, column in zip(header, meant, strict=True)
    ]


def _is_vague(name: str, column: str, meant: list[str | None]) -> bool:
    """A customer is a name where their number has a column of its own."""
    return _plain(name) in VAGUE and meant.count(column) > 1


def _plain(name: str) -> str:
    """Without case, accents, punctuation and blanks: FirstName is First name."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    words = re.sub(r"[\W_]+", "", letters)
    numbered = NUMBERED.fullmatch(words)
    return numbered[1] if numbered else words
