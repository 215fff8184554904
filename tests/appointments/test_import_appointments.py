"""Appointments from CSV files: by the command, and uploaded and worked through by a job."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.appointments import commands, import_appointments, uploads
from app.extensions import db
from app.lib.csv_files.csv_rows import BadFile
from app.models import Appointment, AppointmentImport, Customer
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.cli.test_commands import run
from tests.support.diary import fate
from tests.support.world import NOON, Business

HEADER = "external_id,customer_phone,service,staff,starts_at,duration_minutes,status\n"
PHONE = "(212) 555-0142"
# (the row after its external_id, what is rejected in it or the instant it begins)
ROWS: list[tuple[str, str | datetime]] = [
    (f"{PHONE},cut,SOFIA,2026-11-30T14:30,,", datetime(2026, 11, 30, 19, 30, tzinfo=UTC)),
    (f"{PHONE},,,2026-11-30T14:30+01:00,45,Confirmed", datetime(2026, 11, 30, 13, 30, tzinfo=UTC)),
    (f"{PHONE},,,2026-11-30 14:30:00Z,,canceled", datetime(2026, 11, 30, 14, 30, tzinfo=UTC)),
    # 1:30 comes twice on that night: the first is meant.
    (f"{PHONE},,,2026-11-01T01:30,,no-show", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    (f"{PHONE},,,2026-03-08T02:30,,", "there is no 02:30 on 2026-03-08"),
    (f"{PHONE},,,2026-11-30,,", "no time such as"),
    (f"{PHONE},,,tomorrow 9:00,,", "no time such as"),
    (f"{PHONE},,,0001-01-01T00:00Z,,", "year"),
    (f"{PHONE},,,2026-11-30T14:30,0,", "from 1 to 1440"),
    (f"{PHONE},,,2026-11-30T14:30,,maybe", "none of scheduled"),
    ("6465550199,,,2026-11-30T14:30,,", "import customers first"),
    ("12,,,2026-11-30T14:30,,", "not a"),
    (",,,2026-11-30T14:30,,", "no customer_phone"),
    (f"{PHONE},,,2036-11-30T14:30,,completed", "cannot be completed yet"),
    (f"{PHONE},,,2026-11-30T14:30,,", "external_id is longer than 200"),
]
LONG = {len(ROWS) - 1: "9" * 3_000}
FILE = HEADER + "".join(
    f"a{number}{LONG.get(number, '')},{row}\n" for number, (row, _) in enumerate(ROWS)
)
TAKEN = [told for _, told in ROWS if isinstance(told, datetime)]


def imported(tmp_path: Path, text: str, *options: str) -> str:
    path = tmp_path / "appointments.csv"
    path.write_text(text)
    result = run("import", "appointments", "--tenant=salon", *options, str(path))
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_takes_each_good_row_and_names_each_bad_one(
    salon: Business, garage: Business, tmp_path: Path
) -> None:
    output = imported(tmp_path, FILE)
    assert "4 created, 0 updated, 0 unchanged, 11 rejected" in output
    told = dict(enumerate(output.splitlines()))
    for line, (_, says) in enumerate(ROWS, start=2):
        if isinstance(says, str):
            assert any(f"Line {line} rejected" in each and says in each for each in told.values())
    made = rows(salon, Appointment)[1:]
    assert [each.starts_at for each in made] == TAKEN
    assert [each.status for each in made] == ["scheduled", "confirmed", "cancelled", "no_show"]
    assert [each.duration_minutes for each in made] == [60, 45, 60, 60]
    assert made[0].service_id and made[0].staff_member_id and made[0].source == "import"
    assert len(rows(garage, Appointment)) == 1


def test_a_file_that_is_taken_again_changes_what_differs_and_nothing_else(
    salon: Business, garage: Business, tmp_path: Path
) -> None:
    imported(tmp_path, FILE)
    with tenant_scope(salon.id):
        commands.cancel(rows(salon, Appointment)[1].id, NOON)
    old = FILE.replace("14:30,,\na1,", "14:30,,scheduled\na1,")
    assert "0 created, 0 updated, 4 unchanged" in imported(tmp_path, old)
    assert rows(salon, Appointment)[1].status == "cancelled"
    moved = old.replace("2026-11-30T14:30,,scheduled", "2026-12-01T14:30,,scheduled")
    assert "0 created, 1 updated, 3 unchanged" in imported(tmp_path, moved)
    assert rows(salon, Appointment)[1].status == "scheduled"
    # Without an external_id the customer and the start say which it is.
    bare = f"starts_at,customer_phone,colour\n2026-12-24T09:00,{PHONE},red\n"
    output = imported(tmp_path, bare)
    assert "1 created" in output and "left out: colour" in output
    assert "1 unchanged" in imported(tmp_path, bare)
    by_id = "starts_at,customer_external_id\n2026-12-24T09:00,c7\n"
    assert "1 rejected" in imported(tmp_path, by_id)
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).external_id = "c7"
        db.session.commit()
    assert "1 unchanged" in imported(tmp_path, by_id)


@pytest.mark.parametrize("asked", [False, True])
def test_a_file_that_moves_and_cancels_tells_nobody_unless_asked(
    salon: Business, garage: Business, tmp_path: Path, asked: bool
) -> None:
    text = HEADER + f"b1,{PHONE},,,2036-11-30T14:30,,\nb2,{PHONE},,,2036-11-30T16:30,,\n"
    imported(tmp_path, text)
    changed = text.replace("14:30", "15:30").replace("16:30,,", "16:30,,cancelled")
    imported(tmp_path, changed, *["--tell"] * asked)
    [*_, moved, cancelled] = rows(salon, Appointment)
    assert [len(fate(salon, moved.id, "appointment_moved"))] == [asked]
    assert [len(fate(salon, cancelled.id, "appointment_cancelled"))] == [asked]


def upload(text: str, tell: bool = False) -> None:
    uploads.accept("appointments.csv", text.encode(), announce=False, tell=tell)


@pytest.mark.parametrize("asked", [False, True])
def test_an_upload_that_moves_tells_nobody_unless_asked(
    salon: Business, garage: Business, asked: bool
) -> None:
    with tenant_scope(salon.id):
        for minute in ("30", "45"):
            upload(
                f"external_id,customer_phone,starts_at\nb,{PHONE},2036-11-30T14:{minute}\n", asked
            )
            uploads.work(NOON)
    [*_, moved] = rows(salon, Appointment)
    assert len(fate(salon, moved.id, "appointment_moved")) == asked


def test_an_upload_is_worked_through_once_whoever_is_killed_meanwhile(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BATCH", 3)
    with tenant_scope(garage.id):
        upload("starts_at,customer_phone\n2026-12-01T10:00,12\n")
    with tenant_scope(salon.id):
        upload(FILE)
        with pytest.raises(commands.Refused, match="under way"):
            upload(FILE)
        with pytest.raises(BadFile, match="larger than 2 MB"):
            upload("x" * (uploads.LARGEST + 1))
    real, killed = import_appointments.take, []

    class Killed(BaseException):
        pass

    def die_once(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if len(killed) < 3:
            killed.append(1)
            raise Killed

    monkeypatch.setattr(import_appointments, "take", die_once)
    for _ in range(3):
        with pytest.raises(Killed):
            uploads.work(NOON)
        db.session.rollback()
        db.session.remove()
    assert [each.done for each in rows(salon, AppointmentImport)] == [0]
    uploads.work(NOON)
    [done] = rows(salon, AppointmentImport)
    assert (done.created, done.rejected, done.done, done.rows) == (4, 11, 15, 15)
    assert done.finished_at == NOON and done.content is None
    assert done.reasons[0][0] == 6 and "02:30" in done.reasons[0][1]
    assert [each.starts_at for each in rows(salon, Appointment)[1:]] == TAKEN
    assert [each.rejected for each in rows(garage, AppointmentImport)] == [1]
    with tenant_scope(salon.id):
        upload(FILE)
    uploads.work(NOON)
    assert rows(salon, AppointmentImport)[1].unchanged == 4


def test_a_fault_of_ours_rests_is_tried_again_and_given_up_at_last(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(import_appointments, "take", break_down)
    with tenant_scope(salon.id):
        upload(FILE)
    when = datetime.now(UTC)
    uploads.work(when)
    uploads.work(when + timedelta(seconds=1))
    assert [each.faults for each in rows(salon, AppointmentImport)] == [1]
    for minutes in range(1, 9):
        uploads.work(when + timedelta(minutes=minutes))
    [over] = rows(salon, AppointmentImport)
    assert over.faults == uploads.MOST_FAULTS and over.finished_at
    assert over.error == uploads.GIVEN_UP


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEADER.strip() + ",x" * 10_000 + "\n" + "1\n" * 9, "more than 200 columns"),
        ("starts_at,customer_phone\n" + "1\n" * 25_001, "more than 25,000 rows"),
    ],
)
def test_what_would_take_hours_to_read_is_not_taken(
    salon: Business, content: str, says: str
) -> None:
    with tenant_scope(salon.id), pytest.raises(BadFile, match=says):
        uploads.accept("Huge.csv", content.encode(), announce=False)


def test_a_reason_quotes_no_more_than_a_person_reads(salon: Business) -> None:
    with tenant_scope(salon.id):
        upload(f"starts_at,customer_phone\n2026-12-01T10:00,{'1' * 100_000}\n")
    uploads.work(NOON)
    [done] = rows(salon, AppointmentImport)
    [[line, reason]] = done.reasons
    assert (line, len(reason) < 300) == (2, True)
