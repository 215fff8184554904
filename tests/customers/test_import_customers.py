"""Files of customers as people have them: from spreadsheets, other programs, and our own panels."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.customers import import_customers
from app.extensions import db
from app.lib.csv_files.csv_rows import BadFile, Report
from app.models import Customer
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business

ANN = ("Ann", "Becker", "+12125550177")


def load(tmp_path: Path, owner: Business, content: bytes, country: str = "US") -> Report:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    with tenant_scope(owner.id):
        rows, _ = import_customers.read(path)
        return import_customers.load(rows, country)


def known(owner: Business, number: str) -> tuple[str, str, str | None]:
    with tenant_scope(owner.id):
        found = db.session.scalars(
            select(Customer).where(Customer.contact_points.any(address=number))
        ).one()
        return found.first_name, found.last_name, found.language


@pytest.mark.parametrize(
    "header",
    [
        "first_name,last_name,phone",
        "First Name,Last Name,Phone",
        "Given Name;Family Name;Mobile Phone",
        "FIRST NAME\tSurname\tPhone Number",
        "Vorname;Nachname;Handy",
        "Nombre|Apellidos|Teléfono móvil",
        # Google Contacts and Outlook.
        "First Name,Last Name,Phone 1 - Value",
        "sep=;\r\nFirst Name;Last Name;Mobile Phone",
        '"sep=;"\r\nFirst Name;Last Name;Mobile Phone',
        "firstname,lastname,phonenumber",
        "FirstName,LastName,PhoneNumber",
        "Nombre;Apellidos;Móvil",
        "Prénom;Nom;Téléphone portable",
        "Nome;Sobrenome;Celular",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_file_is_read_whatever_wrote_it(
    tmp_path: Path, salon: Business, header: str, encoding: str
) -> None:
    separator = next(each for each in ",;\t|" if each in header.splitlines()[-1])
    row = separator.join(("José", "Núñez", "212-555-0177"))
    report = load(tmp_path, salon, f"{header}\r\n{row}\r\n".encode(encoding))
    assert (dict(report.counts), report.rejected) == ({"created": 1}, [])
    assert known(salon, "+12125550177")[:2] == ("José", "Núñez")


# As these programs export them, with columns between that we do not know.
EXPORTS = {
    "Google": "First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value\nAnn,,Becker,* myContacts,Home,ann@mail.test,Mobile,"
    "+1 212-555-0177 ::: (212) 555-0178\n",
    "Outlook": '"First Name","Last Name","E-mail Address","Home Phone","Mobile Phone","Language"\n'
    '"Ann","Becker","ann@mail.test","","(212) 555-0177",""\n',
    "Square": "Reference ID,First Name,Last Name,Email Address,Phone Number,Square Customer ID\n"
    ",Ann,Becker,ann@mail.test,'+12125550177,ABC\n",
    "a Spanish one": "Nombre;Apellidos;Teléfono;Móvil;Correo electrónico\n"
    "Ann;Becker;;212 555 0177;ann@mail.test\n",
}


@pytest.mark.parametrize("program", EXPORTS)
def test_what_usual_programs_export_is_read(tmp_path: Path, salon: Business, program: str) -> None:
    report = load(tmp_path, salon, EXPORTS[program].encode())
    assert (dict(report.counts), report.rejected) == ({"created": 1}, [])
    assert known(salon, "+12125550177")[:2] == known(salon, "ann@mail.test")[:2] == ANN[:2]


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_cr_and_lf_end_a_record(tmp_path: Path, salon: Business, odd: str) -> None:
    text = f"first_name,phone\nKay{odd}Ann,212-555-0177\nBob,212-555-0178\n"
    report = load(tmp_path, salon, text.encode())
    assert (report.counts["created"], report.rejected) == (2, [])
    assert known(salon, "+12125550177")[0] == f"Kay{odd}Ann"


def test_a_quoted_cell_may_hold_a_line_break(tmp_path: Path, salon: Business) -> None:
    text = 'first_name,phone\r\n"Kay\r\nAnn",212-555-0177\r\nBob,12\r\n'
    report = load(tmp_path, salon, text.encode())
    assert [line for line, _ in report.rejected] == [4]


@pytest.mark.parametrize("broken", ['"Kay"x,212-555-0177', '"Kay,212-555-0177\nDan,12'])
@pytest.mark.parametrize("before", ["", "sep=,\n"])
def test_a_malformed_quote_is_told_with_its_line(
    tmp_path: Path, salon: Business, before: str, broken: str
) -> None:
    text = f"{before}first_name,phone\nBob,212-555-0178\n{broken}\n"
    with pytest.raises(BadFile, match=f"line {3 + before.count(chr(10))}:"):
        load(tmp_path, salon, text.encode())


def test_two_with_one_number_and_two_ids_are_two_people_also_the_second_time(
    tmp_path: Path, salon: Business, garage: Business
) -> None:
    text = "first_name,phone,external_id\nAnn,212-555-0177,c1\nBen,212-555-0177,c2\n"
    for counts in ({"created": 2}, {"unchanged": 2}):
        report = load(tmp_path, salon, text.encode())
        assert (dict(report.counts), report.rejected) == (counts, [])
    assert known(salon, "+12125550177")[0] == "Ann"
    with tenant_scope(salon.id):
        ben = db.session.scalars(select(Customer).where(Customer.external_id == "c2")).one()
        assert ben.reached_through and ben.reached_through.external_id == "c1"
        assert ben.addresses == []


def test_who_has_an_address_of_their_own_takes_no_others_by_a_file(
    tmp_path: Path, salon: Business
) -> None:
    load(tmp_path, salon, b"first_name,phone,external_id\nAnn,2125550177,c1\nBen,2125550178,c2\n")
    report = load(tmp_path, salon, b"first_name,phone,external_id\nBen,212-555-0177,c2\n")
    assert "belongs to another customer" in report.rejected[0][1]
    # Whoever others are reached through is reached themselves.
    load(tmp_path, salon, b"first_name,phone,external_id\nMia,2125550177,c3\nZoe,,c4\n")
    report = load(tmp_path, salon, b"phone,email,external_id\n2125550177,mia@example.test,c3\n")
    assert dict(report.counts) == {"updated": 1}
    report = load(tmp_path, salon, b"email,external_id\nmia@example.test,c4\n")
    with tenant_scope(salon.id):
        zoe = db.session.scalars(select(Customer).where(Customer.external_id == "c4")).one()
        assert zoe.reached_through and zoe.reached_through.first_name == "Ann"


def test_two_names_with_one_number_are_not_made_one(tmp_path: Path, salon: Business) -> None:
    text = "first_name,phone\nAnn,212-555-0177\nBen,(212) 555-0177\nann,+12125550177\n"
    for counts in ({"created": 1, "updated": 1}, {"unchanged": 1, "updated": 1}):
        report = load(tmp_path, salon, text.encode())
        assert [line for line, _ in report.rejected] == [3]
        assert "that of line 2 with another name" in report.rejected[0][1]
        assert report.counts.total() == sum(counts.values())
    assert known(salon, "+12125550177")[0] in ("Ann", "ann")


def test_a_file_that_names_somebody_once_renames_them(tmp_path: Path, salon: Business) -> None:
    load(tmp_path, salon, b"first_name,phone\nAnn,212-555-0177\n")
    report = load(tmp_path, salon, b"first_name,phone\nAnna,212-555-0177\n")
    assert dict(report.counts) == {"updated": 1}
    assert known(salon, "+12125550177")[0] == "Anna"


@pytest.mark.parametrize("name", ["\u2800", "\u2060", "\u3164 \u200b", " \u00ad"])
def test_a_name_of_which_nobody_sees_anything_is_none(
    tmp_path: Path, salon: Business, name: str
) -> None:
    load(tmp_path, salon, f"first_name,last_name,phone\n{name},{name},212-555-0177\n".encode())
    assert known(salon, "+12125550177")[:2] == ("", "")


def test_a_cell_that_no_column_takes_is_rejected_and_the_rest_goes_on(
    tmp_path: Path, salon: Business
) -> None:
    text = f"first_name,phone,external_id\nAnn,212-555-0177,{'9' * 9000}\nBob,212-555-0178,c2\n"
    report = load(tmp_path, salon, text.encode())
    assert report.counts["created"] == 1
    assert report.rejected == [(2, "its external_id is longer than 200 characters")]


def test_languages_are_kept_as_their_codes(tmp_path: Path, salon: Business) -> None:
    text = "first_name,phone,language\nAnn,212-555-0177,Español\nBob,212-555-0178,klingon\n"
    report = load(tmp_path, salon, text.encode())
    assert known(salon, "+12125550177")[2] == "es"
    assert [line for line, reason in report.rejected if "klingon" in reason] == [3]


def test_what_the_panel_exports_is_taken_unchanged(
    tmp_path: Path, salon: Business, garage: Business, admin: Browser
) -> None:
    load(
        tmp_path,
        salon,
        b"first_name,last_name,phone,email,language,preferred_channel,external_id\n"
        b"Ann,Becker,212-555-0177,ann@mail.test,es,whatsapp,c1\n",
    )
    exported = admin.get("/admin/customers/export/csv/", buffered=True).data
    report = load(tmp_path, salon, exported)
    assert (dict(report.counts), report.rejected) == ({"unchanged": 2}, [])
    with tenant_scope(garage.id):
        assert len(db.session.scalars(select(Customer)).all()) == 1


def test_a_picture_is_no_file_of_customers(tmp_path: Path, salon: Business) -> None:
    with pytest.raises(BadFile, match="no text"):
        load(tmp_path, salon, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
