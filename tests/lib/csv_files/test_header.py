"""Columns are known by the names that other programs give them."""

import pytest

from app.lib.csv_files.header import APPOINTMENTS, CONSENT, CUSTOMERS, Synonyms, known_as

FIRST, LAST, OTHER = "first_name", "last_name", "other_phone"
# Parts of the first lines of exports. Outlook's are named as Exchange's import of contacts knows
# them; the others' as their files have them.
EXPORTS: dict[str, tuple[Synonyms, dict[str, str]]] = {
    "Google Contacts": (
        CUSTOMERS,
        {
            "First Name": FIRST,
            "Middle Name": "",
            "Last Name": LAST,
            "Labels": "",
            "E-mail 1 - Label": "",
            "E-mail 1 - Value": "email",
            "E-mail 2 - Value": "other_email",
            "Phone 1 - Label": "",
            "Phone 1 - Value": "phone",
            "Phone 3 - Value": OTHER,
        },
    ),
    "Google Contacts before 2024": (
        CUSTOMERS,
        {"Name": "name", "Given Name": FIRST, "Family Name": LAST},
    ),
    "Google Contacts in Spanish": (
        CUSTOMERS,
        {
            "Nombre de pila": FIRST,
            "Apellidos": LAST,
            "Correo 1 - Valor": "email",
            "Teléfono 1 - Valor": "phone",
            "Teléfono 2 - Valor": OTHER,
        },
    ),
    "Outlook": (
        CUSTOMERS,
        {
            "First Name": FIRST,
            "Business Phone": OTHER,
            "Business Fax": "",
            "Home Phone 2": OTHER,
            "Mobile Phone": "phone",
            "E-mail Address": "email",
            "E-mail 2 Address": "other_email",
            "E-mail Display Name": "",
        },
    ),
    "Outlook in German": (
        CUSTOMERS,
        {
            "Vorname": FIRST,
            "Weitere Vornamen": "",
            "Nachname": LAST,
            "Telefon privat": OTHER,
            "Telefon geschäftlich 2": OTHER,
            "Fax privat": "",
            "Mobiltelefon": "phone",
            "E-Mail-Adresse": "email",
            "E-Mail 3: Adresse": "other_email",
            "E-Mail: Angezeigter Name": "",
        },
    ),
    "Outlook in Spanish": (
        CUSTOMERS,
        {
            "Nombre": FIRST,
            "Segundo nombre": "",
            "Apellidos": LAST,
            "Teléfono del trabajo": OTHER,
            "Particular": OTHER,
            "Mobile Phone": "phone",
            "E-mail Address": "email",
            "Dirección de correo electrónico 2": "other_email",
        },
    ),
    "Outlook in French": (
        CUSTOMERS,
        {
            "Prénom": FIRST,
            "Nom": LAST,
            "Téléphone (domicile)": OTHER,
            "Téléphone 2 (bureau)": OTHER,
            "Télécopie (bureau)": "",
            "Tél. mobile": "phone",
            "Adresse de messagerie": "email",
            "Adresse de messagerie 2": "other_email",
        },
    ),
    "Square": (
        CUSTOMERS,
        {
            "Reference ID": "external_id",
            "First Name": FIRST,
            "Last Name": LAST,
            "Email Address": "email",
            "Phone Number": "phone",
            "Nickname": "",
            "Square Customer ID": "",
            "Email Subscription Status": "",
        },
    ),
    "Square's subscriptions": (
        CONSENT,
        {"Email Address": "email", "Email Subscription Status": "opted_in"},
    ),
    "Fresha": (
        CUSTOMERS,
        {
            "Client ID": "external_id",
            "First Name": FIRST,
            "Mobile Number": "phone",
            "Email": "email",
            "Date of Birth": "",
            "Blocked": "",
        },
    ),
    "Mindbody": (
        CUSTOMERS,
        {
            "Client ID": "external_id",
            "Last Name": LAST,
            "Mobile Phone": "phone",
            "Home Phone": OTHER,
            "Work Phone": OTHER,
            "Email": "email",
        },
    ),
    "Fresha's appointments": (
        APPOINTMENTS,
        {
            "Ref": "external_id",
            "Client": "customer_name",
            "Service": "service",
            "Team member": "staff",
            "Date": "date",
            "Time": "time",
            "Duration": "duration_minutes",
            "Status": "status",
            "Price": "",
        },
    ),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_what_programs_call_our_columns(program: str) -> None:
    columns, header = EXPORTS[program]
    known = known_as(list(header), columns)
    assert [name if name in columns else "" for name in known] == list(header.values())


def test_a_customer_is_a_name_where_their_number_stands_beside() -> None:
    assert known_as(["Customer"], APPOINTMENTS) == ["customer_phone"]
    assert known_as(["Customer", "Phone"], APPOINTMENTS) == ["customer_name", "customer_phone"]


@pytest.mark.parametrize("name", ["", " ", "\ufeff", "=1+1", "phone" * 9_999])
def test_a_name_that_says_nothing_is_left_as_it_is(name: str) -> None:
    assert known_as([name], CUSTOMERS) == [name.strip().lower()]
