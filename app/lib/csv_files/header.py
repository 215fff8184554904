"""How other programs call the columns of their files."""

import re
import unicodedata
from collections.abc import Collection, Mapping

# Our columns, and the other names that each goes by.
Synonyms = Mapping[str, Collection[str]]

# The rest of a name such as “Phone 1 - Value” (Google Contacts, in English and in Spanish).
NUMBERED = re.compile(r"(phone|email|telefono|correo)(\d)(?:value|valor)?")
# Between several in one cell, as Google's contacts write them.
SEVERAL = " ::: "
# Of these all are taken that a row has.
JOINED = {"other_phone", "other_email"}
# Means our column only where no other name does; else the one beside it.
VAGUE = {"customer": "customer_name"}
# The same column in other words. Outlook's are those that Exchange's import of contacts knows, in
# English, German, Spanish and French; Square's, Fresha's and Google's as their exports have them;
# our own panels'.
CUSTOMERS: Synonyms = {
    "first_name": (
        "first name",
        "given name",
        "client first name",
        "nombre de pila",
        "forename",
        "first",
        "vorname",
        "nombre",
        "prenom",
        "nome",
    ),
    "last_name": (
        "last name",
        "client last name",
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
        "tel mobile",
    ),
    "other_phone": (
        "other phone",
        "phone 2",
        "home phone",
        "home phone 2",
        "business phone",
        "business phone 2",
        "work phone",
        "telefon privat",
        "telefon privat 2",
        "telefon geschäftlich",
        "telefon geschäftlich 2",
        "weiteres telefon",
        "haupttelefon",
        "particular",
        "teléfono del trabajo",
        "otro teléfono",
        "teléfono principal",
        "téléphone (domicile)",
        "téléphone 2 (domicile)",
        "téléphone (bureau)",
        "téléphone 2 (bureau)",
        "téléphone (autre)",
        "téléphone principal",
    ),
    "email": (
        "email address",
        "mail",
        "e mail adresse",
        "adresse e mail",
        "correo",
        "correo electronico",
        "courriel",
        "e-mail: adresse",
        "dirección de correo electrónico",
        "adresse de messagerie",
        "adresse de courrier",
    ),
    "other_email": (
        "other email",
        "email 2",
        "e-mail 2 address",
        "e-mail 3 address",
        "e-mail 2: adresse",
        "e-mail 3: adresse",
        "dirección de correo electrónico 2",
        "dirección del correo electrónico 3",
        "adresse de messagerie 2",
        "adresse de messagerie 3",
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
    "reached_through": ("reached through", "guardian"),
    "kaivox_id": ("kaivox id",),
}
APPOINTMENTS: Synonyms = {
    "external_id": (
        "external id",
        "appointment id",
        "booking id",
        "reference",
        "ref",
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
        "telefon",
        "teléfono",
        "téléphone",
    ),
    "customer_email": ("client email", "email", "email address"),
    "customer_external_id": ("customer external id", "customer id", "client id"),
    "customer_name": (
        "customer name",
        "client name",
        "client",
        "name",
        "full name",
        "kunde",
        "kundin",
        "kundenname",
        "cliente",
        "nombre del cliente",
        "nom du client",
    ),
    "customer_first_name": ("first name", "client first name", "vorname", "nombre", "prénom"),
    "customer_last_name": ("last name", "client last name", "nachname", "apellidos", "nom"),
    "service": (
        "service name",
        "treatment",
        "leistung",
        "behandlung",
        "servicio",
        "tratamiento",
        "prestation",
        "soin",
    ),
    "staff": (
        "staff name",
        "staff member",
        "team member",
        "employee",
        "with",
        "mitarbeiter",
        "mitarbeiterin",
        "empleado",
        "profesional",
        "employé",
    ),
    "starts_at": (
        "starts at",
        "start",
        "start time",
        "begins",
        "date and time",
        "beginn",
        "inicio",
        "début",
    ),
    "date": ("day", "appointment date", "start date", "datum", "tag", "fecha", "jour"),
    "time": ("appointment time", "uhrzeit", "zeit", "hora", "heure"),
    "ends_at": ("ends at", "end", "end time", "ends", "ende", "fin"),
    "duration_minutes": (
        "minutes",
        "duration",
        "duration min",
        "duration mins",
        "duration minutes",
        "length",
        "dauer",
        "duración",
        "durée",
    ),
    "status": ("status", "state", "estado", "statut"),
    "attendee": ("who comes", "attendee", "attendee name"),
    "kaivox_id": ("kaivox id",),
    "customer_kaivox_id": ("customer kaivox id",),
}
SERVICES: Synonyms = {
    "name": (
        "service",
        "service name",
        "treatment",
        "item name",
        "leistung",
        "behandlung",
        "servicio",
        "nombre",
        "prestation",
        "nom",
    ),
    "duration_minutes": APPOINTMENTS["duration_minutes"],
    "active": ("offered", "active", "aktiv", "activo", "actif"),
}
STAFF: Synonyms = {
    "name": (
        "staff",
        "staff name",
        "staff member",
        "team member",
        "employee",
        "full name",
        "mitarbeiter",
    ),
    "first_name": CUSTOMERS["first_name"],
    "last_name": CUSTOMERS["last_name"],
    "active": ("takes appointments", "active", "aktiv", "activo", "actif"),
}
CONSENT: Synonyms = {
    "phone": CUSTOMERS["phone"],
    "email": CUSTOMERS["email"],
    "address": ("address", "number or email"),
    "channel": ("channel",),
    "opted_in": (
        "said",
        "opted in",
        "opt in",
        "subscribed",
        "consent",
        "accepts marketing",
        "email subscription status",
        "sms consent",
        "marketing consent",
        "einwilligung",
        "consentimiento",
        "consentement",
    ),
    "opted_out": (
        "opted out",
        "opt out",
        "unsubscribed",
        "do not contact",
        "stopped",
        "abgemeldet",
        "baja",
        "désinscrit",
    ),
    "said_at": (
        "at",
        "date",
        "when",
        "timestamp",
        "consent date",
        "consent timestamp",
        "opt in date",
        "opt out date",
        "subscribed at",
        "unsubscribed at",
        "datum",
        "fecha",
    ),
    "purpose": ("purpose", "consent type", "list", "zweck", "finalidad", "finalité"),
    "source": ("source", "consent source", "opt in source", "signup source", "quelle", "fuente"),
    "evidence": ("evidence", "proof", "how", "nachweis", "prueba", "preuve"),
}


def known_as(header: list[str], synonyms: Synonyms) -> list[str]:
    """The header in our own words, of which each may stand several times: a person has more than
    one telephone. A name that is none of them stays as it is written, in small letters."""
    ours = {_plain(word): column for column, words in synonyms.items() for word in (column, *words)}
    meant = [ours.get(_plain(name)) for name in header]
    return [
        name.strip().lower() if column is None else _meant(name, column, meant)
        for name, column in zip(header, meant, strict=True)
    ]


def _meant(name: str, column: str, meant: list[str | None]) -> str:
    """A customer is a name where their number has a column of its own."""
    return VAGUE.get(_plain(name), column) if meant.count(column) > 1 else column


def _plain(name: str) -> str:
    """Without case, accents, punctuation and blanks: FirstName is First name."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    words = re.sub(r"[\W_]+", "", letters)
    numbered = NUMBERED.fullmatch(words)
    if numbered is None:
        return words
    what = {"telefono": "phone", "correo": "email"}.get(numbered[1], numbered[1])
    return what if numbered[2] == "1" else f"other{what}"
