"""Files that were uploaded are looked through and taken, once, whoever is killed meanwhile."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.appointments import import_appointments
from app.appointments.commands import Refused
from app.exports import export_rows, exported_kinds
from app.extensions import db
from app.imports import import_file, prepare_import, work_imports
from app.imports.kinds import every_kind
from app.lib.csv_files.csv_rows import BadFile
from app.models import Appointment, ConsentEvent, Customer, FileImport, OptOut, Service, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.imports.uploads import counts, files, imported, looked_through, the, upload
from tests.support.diary import states
from tests.support.world import NOON, Business, hear

PHONE = "(212) 555-0142"
PEOPLE = "first_name,phone,external_id\n" + "".join(
    f"Kay{n},212-555-{1000 + n},k{n}\n" for n in range(7)
)


class Killed(BaseException):
    pass


def stops(owner: Business) -> list[OptOut]:
    with tenant_scope(owner.id):
        return list(db.session.scalars(select(OptOut)))


def test_what_is_looked_through_leaves_nothing_behind(salon: Business, garage: Business) -> None:
    before = len(rows(salon, Customer)), len(rows(salon, Appointment)), len(rows(salon, Service))
    text = f"starts_at,phone,service,staff\n2026-12-01T10:00,{PHONE},Dye,Uma\nx,{PHONE},Dye,\n"
    id_ = looked_through(salon, "appointments", text)
    found = the(salon, id_)
    assert (found.status, counts(found)) == ("checked", (1, 0, 0, 1))
    assert found.made == [["service", "Dye"], ["staff member", "Uma"]]
    assert found.reasons[0][0] == 3
    after = len(rows(salon, Customer)), len(rows(salon, Appointment)), len(rows(salon, Service))
    assert after == before
    with tenant_scope(salon.id):
        prepare_import.start(id_, NOON)
    work_imports.work(NOON)
    done = the(salon, id_)
    assert (done.status, counts(done), done.file) == ("done", (1, 0, 0, 1), None)
    assert done.undo_until == NOON + timedelta(days=1)
    assert {"Dye"} <= {each.name for each in rows(salon, Service)}
    assert "Dye" not in {each.name for each in rows(garage, Service)}


@pytest.mark.parametrize("kind", ["customers", "appointments"])
def test_each_row_is_taken_once_whoever_is_killed_meanwhile(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    days = "".join(f"2026-12-0{n}T10:00,{PHONE}\n" for n in range(1, 8))
    text = PEOPLE if kind == "customers" else f"starts_at,phone\n{days}"
    monkeypatch.setattr(work_imports, "BATCH", 3)
    id_ = looked_through(salon, kind, text)
    with tenant_scope(salon.id):
        prepare_import.start(id_, NOON)
    real, killed = work_imports._note, []

    def die_thrice(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if len(killed) < 3:
            killed.append(1)
            raise Killed

    monkeypatch.setattr(work_imports, "_note", die_thrice)
    for _ in range(3):
        with pytest.raises(Killed):
            work_imports.work(NOON)
        db.session.rollback()
        db.session.remove()
    assert the(salon, id_).done == 0
    work_imports.work(NOON)
    assert counts(the(salon, id_)) == (7, 0, 0, 0)
    made = rows(salon, Customer if kind == "customers" else Appointment)
    assert len(made) == 8
    assert counts(imported(salon, kind, text)) == (0, 0, 7, 0)


def test_a_name_that_a_number_had_far_above_is_remembered(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_imports, "BATCH", 1)
    text = "first_name,phone\nAnn,212-555-0177\nKay,212-555-0178\nBen,212-555-0177\n"
    done = imported(salon, "customers", text)
    assert counts(done) == (2, 0, 0, 1)
    assert done.reasons[0][0] == 4 and "line 2" in done.reasons[0][1]


def test_whoever_is_reached_through_somebody_may_stand_above_them(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_imports, "BATCH", 1)
    people = "Mia,,212-555-0177\nTom,,mum@mail.test\nLost,,212-555-0100\n"
    people += "Kay,(212) 555-0177,\nAnn,mum@mail.test,\nBen,212-555-0178,\n"
    text = f"first_name,reached_at,reached_through\n{people}".replace("(212) 555", "+1212555")
    id_ = looked_through(salon, "customers", text)
    told = the(salon, id_)
    assert counts(told) == (5, 0, 0, 1) and told.reasons[0][0] == 4
    with tenant_scope(salon.id):
        prepare_import.start(id_, NOON)
    work_imports.work(NOON)
    assert counts(the(salon, id_)) == (5, 0, 0, 1)
    found = {each.first_name: each for each in rows(salon, Customer)}
    assert found["Mia"].reached_through_id == found["Kay"].id
    assert found["Tom"].reached_through_id == found["Ann"].id
    assert counts(imported(salon, "customers", text)) == (0, 0, 5, 1)


def test_one_is_under_way_and_a_file_that_nobody_goes_on_with_gives_way(
    salon: Business, garage: Business
) -> None:
    first = upload(salon, "services", "name\nDye\n")
    upload(garage, "services", "name\nTyres\n")
    second = upload(salon, "staff", "name\nUma\n")
    assert [each.id for each in files(salon)] == [second] != [first]
    with tenant_scope(salon.id):
        prepare_import.check(second, ["name"], None, False, False, NOON)
        with pytest.raises(Refused, match="under way"):
            prepare_import.accept("staff", "b.csv", b"name\nUma\n", NOON)
    assert len(files(garage)) == 1
    work_imports.work(NOON)
    with tenant_scope(salon.id):
        with pytest.raises(Refused, match="done already"):
            prepare_import.undo(second, NOON)
        prepare_import.discard(second)
        with pytest.raises(Refused, match="gone"):
            prepare_import.start(second, NOON)
    assert [each.name for each in rows(salon, StaffMember)].count("Uma") == 0


def test_what_an_older_program_took_in_is_taken(salon: Business, garage: Business) -> None:
    """It keeps the file elsewhere, and says nothing of kinds and columns."""
    text = f"starts_at,customer_phone\n2026-12-01T10:00,{PHONE}\n"
    with tenant_scope(salon.id):
        db.session.add(FileImport(name="old.csv", content=text.encode(), rows=1))
        db.session.commit()
    work_imports.work(NOON)
    [done] = files(salon)
    assert (done.status, counts(done), done.content) == ("done", (1, 0, 0, 0), None)


def test_a_fault_of_ours_rests_is_tried_again_and_given_up_at_last(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("ours")

    id_ = looked_through(salon, "services", "name\nDye\n")
    monkeypatch.setattr(work_imports, "_note", break_down)
    when = datetime.now(UTC)
    with tenant_scope(salon.id):
        prepare_import.start(id_, when)
    work_imports.work(when)
    work_imports.work(when + timedelta(seconds=1))
    assert the(salon, id_).faults == 1
    for minutes in range(1, 9):
        work_imports.work(when + timedelta(minutes=minutes))
    over = the(salon, id_)
    assert (over.faults, over.status) == (work_imports.MOST_FAULTS, "failed")
    assert over.error == work_imports.GIVEN_UP and over.finished_at


@pytest.mark.parametrize("asked", [False, True])
def test_an_import_that_moves_tells_nobody_unless_asked(
    salon: Business, garage: Business, asked: bool
) -> None:
    for minute in ("30", "45"):
        text = f"external_id,customer_phone,starts_at\nb,{PHONE},2036-11-30T14:{minute}\n"
        imported(salon, "appointments", text, tell=asked)
    [*_, moved] = rows(salon, Appointment)
    assert len(states(salon, moved.id, "appointment_moved")) == asked


def test_a_reason_quotes_no_more_than_a_person_reads(salon: Business) -> None:
    text = f"starts_at,customer_phone\n2026-12-01T10:00,{'1' * 100_000}\n"
    [[line, reason]] = the(salon, looked_through(salon, "appointments", text)).reasons
    assert (line, len(reason) < 300) == (2, True)


HOSTILE = {
    "10,000 columns": b"starts_at,customer_phone" + b",x" * 10_000 + b"\n1\n",
    "25,001 rows": b"starts_at,customer_phone\n" + b"1\n" * 25_001,
    "3 MB": b"starts_at,phone\n" + b"1" * 3_000_000,
    "a workbook": b"PK\x03\x04" + b"\x00" * 500,
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500,
    "a quote without end": b'starts_at,phone\n"2026,1\n' + b"1,1\n" * 999,
    "nothing": b"",
    "a header alone": b"starts_at,phone\n",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a field too large": b"starts_at,phone\n" + b"1" * 200_000 + b",\n",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("kind", ["customers", "appointments"])
def test_what_is_no_table_of_a_business_is_refused(salon: Business, what: str, kind: str) -> None:
    with pytest.raises(BadFile):
        upload(salon, kind, HOSTILE[what])
    assert files(salon) == []


def test_nuls_marks_and_formulas_in_cells_harm_nobody(salon: Business) -> None:
    odd = "first_name,last_name,phone\nK\x00ay,=1+1,212-555-0177\n\ufeffUma,'=Sum,212-555-0178\n"
    odd += '="Bob",,"=""+12125550179"""\n,,\n\ufefffirst_name,last_name,phone\n'
    done = imported(salon, "customers", odd)
    assert counts(done) == (3, 0, 0, 1)
    names = {(each.first_name, each.last_name) for each in rows(salon, Customer)}
    assert {("Kay", "=1+1"), ("Uma", "=Sum"), ("Bob", "")} <= names


def test_services_and_staff_are_met_by_their_names(salon: Business, garage: Business) -> None:
    text = "Service name,Duration,Offered\ncut,45 min,yes\nDye,1h 30,no\n,5,\nWash,25:00,maybe\n"
    done = imported(salon, "services", text)
    assert counts(done) == (1, 1, 0, 2)
    assert "has no name" in done.reasons[0][1] and done.reasons[1][0] == 5
    kept = {each.name: (each.duration_minutes, each.active) for each in rows(salon, Service)}
    assert kept["Dye"] == (90, False) and (45, True) in kept.values()
    assert counts(imported(salon, "services", text)) == (0, 0, 2, 2)
    people = "First name,Last name,Active\nUma,Stone,\nSofia,,no\n"
    assert counts(imported(salon, "staff", people))[0] >= 1
    assert "Uma Stone" in [each.name for each in rows(salon, StaffMember)]
    assert "Uma Stone" not in [each.name for each in rows(garage, StaffMember)]


def test_an_import_opts_people_out_and_never_in_again(salon: Business, garage: Business) -> None:
    number = salon.customer_number
    out = f"Phone,Email,Opt out\n{number},,yes\n,kay@mail.test,x\n,uma@mail.test,no\n,,yes\n"
    done = imported(salon, "consent", out)
    assert counts(done) == (3, 0, 0, 1)
    stopped = {(each.channel, each.address) for each in stops(salon)}
    places = {("sms", number), ("whatsapp", number), ("email", "kay@mail.test")}
    assert places <= stopped and ("email", "uma@mail.test") not in stopped
    assert not places & {(each.channel, each.address) for each in stops(garage)}
    back = f"phone,email,subscribed\n{number},,yes\n,kay@mail.test,subscribed\n,uma@mail.test,1\n"
    again = imported(salon, "consent", back)
    assert counts(again) == (0, 0, 1, 2)
    assert "only they can take that back" in again.reasons[0][1]
    assert places <= {(each.channel, each.address) for each in stops(salon)}
    said = [each.said for each in rows(salon, ConsentEvent) if each.address == "uma@mail.test"]
    assert said == ["start"]


def test_consent_of_a_file_has_its_date_and_what_proves_it(
    salon: Business, garage: Business
) -> None:
    text = (
        "address;opted in;date;purpose;source\n"
        "212-555-0177;yes;12.03.2026;reminders;ticked on the booking form\n"
        "kay@mail.test;no;2026-03-12 10:15;;wrote to us\n"
        "212-555-0178;yes;2030-01-01;;\n212-555-0179;yes;soon;;\n"
    )
    done = imported(salon, "consent", text)
    assert counts(done) == (2, 0, 0, 2)
    assert "still to come" in done.reasons[0][1] and "“soon” is none" in done.reasons[1][1]
    told = {each.address: each for each in rows(salon, ConsentEvent) if each.source == "import"}
    ann, kay = told["+12125550177"], told["kay@mail.test"]
    assert (ann.said, ann.evidence) == ("start", "reminders, ticked on the booking form")
    # Midnight and a quarter past ten in New York.
    assert ann.given_at == datetime(2026, 3, 12, 4, tzinfo=UTC)
    assert (kay.said, kay.evidence) == ("stop", "wrote to us")
    assert kay.given_at == datetime(2026, 3, 12, 14, 15, tzinfo=UTC)
    assert counts(imported(salon, "consent", text)) == (0, 0, 2, 2)
    assert "import" not in {each.source for each in rows(garage, ConsentEvent)}


def test_our_own_export_of_consent_changes_nothing(salon: Business, garage: Business) -> None:
    number = salon.customer_number
    for word in ("STOP", "START", "STOP"):
        hear(salon, word, number=number)
    hear(salon, "Stop", channel="messenger", number="7001")
    imported(salon, "consent", "email,opted_in,source\numa@mail.test,yes,the form\n")
    before = {(each.channel, each.address) for each in stops(salon)}
    kind = exported_kinds.KINDS["consent_events"]
    with tenant_scope(salon.id):
        lines, _ = export_rows.following(kind, None, ZoneInfo(salon.timezone))
    names = export_rows.header(kind)
    ledger = export_rows.as_csv([names, *([line[name] for name in names] for line in lines)])
    done = imported(salon, "consent", ledger)
    assert counts(done) == (0, 0, len(lines), 0)
    assert {(each.channel, each.address) for each in stops(salon)} == before
    # Another business takes what has an address there, and nobody's STOP is lost.
    elsewhere = imported(garage, "consent", ledger)
    assert ("sms", number) in {(each.channel, each.address) for each in stops(garage)}
    assert elsewhere.rejected > 0


def test_an_address_book_is_imported_and_a_bad_number_told_at_its_card(
    salon: Business, garage: Business
) -> None:
    card = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:{last};{first}\r\nTEL;CELL:{tel}\r\nEND:VCARD\r\n"
    book = card.format(first="Kay", last="Li", tel="212-555-0177")
    book += card.format(first="Uma", last="Stone", tel="12")
    done = imported(salon, "customers", book)
    assert (counts(done), done.rows) == ((1, 0, 0, 1), 2)
    assert done.reasons[0][0] == 7
    with tenant_scope(salon.id), pytest.raises(BadFile, match="vCards are customers"):
        prepare_import.accept("staff", "a.vcf", book.encode(), NOON)


def test_every_sample_can_be_imported_as_it_is(salon: Business, garage: Business) -> None:
    for kind in every_kind.KINDS.values():
        done = imported(salon, kind.key, kind.sample)
        assert (done.rejected, done.created + done.updated + done.unchanged) == (0, 2), kind.key
        assert import_file.missing(kind.key, done.columns or []) == []


def test_nothing_is_kept_of_a_file_that_nobody_goes_on_with(
    salon: Business, garage: Business
) -> None:
    upload(salon, "services", "name\nDye\n")
    imported(garage, "services", "name\nTyres\n")
    prepare_import.forget(NOON + timedelta(hours=23))
    assert len(files(salon)) == 1
    prepare_import.forget(NOON + timedelta(hours=25))
    assert (files(salon), len(files(garage))) == ([], 1)


def test_the_upload_holds_to_the_rows_of_the_command(salon: Business) -> None:
    assert every_kind.KINDS["appointments"].needed == import_appointments.NEEDED
