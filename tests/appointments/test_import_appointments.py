"""Appointments from CSV files, by the command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.appointments import commands
from app.extensions import db
from app.models import Appointment, Customer
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.cli.test_commands import run
from tests.support.diary import states
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
    assert [len(states(salon, moved.id, "appointment_moved"))] == [asked]
    assert [len(states(salon, cancelled.id, "appointment_cancelled"))] == [asked]


# Each the same two appointments, on 3 and 13 April at 14:30 and 9:00, for 45 minutes.
WRITTEN = {
    "two columns": "customer_phone,date,time,duration\n{p},03/04/2027,14:30,45 min\n"
    "{p},13/04/2027,9:00,0:45\n",
    "Fresha": "Date,Time,Client,Mobile number,Service,Duration\n"
    "3 Apr 2027,2:30pm,Ann,{p},Cut,45min\n13 Apr 2027,9:00am,Ann,{p},Cut,45min\n",
    "German": "Datum;Uhrzeit;Kunde;Telefon;Dauer\n3.4.27;14.30 Uhr;Ann;{p};45 Min.\n"
    "13.4.2027;9 Uhr;Ann;{p};45\n",
    "American": "Start,End,Phone\n04/03/2027 2:30 PM,3:15 PM,{p}\n"
    "04/13/2027 9:00 AM,04/13/2027 9:45 AM,{p}\n",
    "French": "Téléphone;Début;Durée\n{p};3 avril 2027 14h30;45 min\n"
    "{p};mardi 13 avril 2027 à 09h00;45 min\n",
}


@pytest.mark.parametrize("program", WRITTEN)
def test_dates_times_and_lengths_are_read_as_programs_write_them(
    salon: Business, garage: Business, tmp_path: Path, program: str
) -> None:
    output = imported(tmp_path, WRITTEN[program].format(p=PHONE))
    assert "2 created, 0 updated, 0 unchanged, 0 rejected" in output
    made = rows(salon, Appointment)[1:]
    assert [f"{each.starts_at:%m-%d %H:%M}" for each in made] == ["04-03 18:30", "04-13 13:00"]
    assert [each.duration_minutes for each in made] == [45, 45]


def test_a_date_that_can_be_read_in_two_ways_is_not_guessed(
    salon: Business, tmp_path: Path
) -> None:
    output = imported(tmp_path, f"customer_phone,date,time\n{PHONE},03/04/2027,14:30\n")
    assert "1 rejected" in output and "can be two dates" in output


def test_a_customer_is_found_by_a_name_that_only_they_have(
    salon: Business, garage: Business, tmp_path: Path
) -> None:
    with tenant_scope(salon.id):
        db.session.add_all(
            Customer(first_name=first, last_name=last)
            for first, last in (("José", "Núñez"), ("Kay", "Li"), ("Kay", "Li"), ("Ann", ""))
        )
        db.session.commit()
    with tenant_scope(garage.id):
        db.session.add(Customer(first_name="Uma", last_name="Stone"))
        db.session.commit()
    names = ("jose nunez", '"Núñez, José"', "Kay Li", "Uma Stone", "Jose")
    text = "starts_at,Client\n" + "".join(
        f"2026-12-0{n}T10:00,{name}\n" for n, name in enumerate(names, start=1)
    )
    output = imported(tmp_path, text)
    assert "2 created, 0 updated, 0 unchanged, 3 rejected" in output
    assert "Line 4 rejected: several customers are called “Kay Li”" in output
    assert "Line 5 rejected: no customer is known by “Uma Stone”" in output
