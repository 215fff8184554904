"""What a file made and changed is taken back, where nobody has touched it since."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.appointments import commands
from app.appointments.commands import Refused
from app.extensions import db
from app.imports import prepare_import, work_imports
from app.models import (
    Appointment,
    ConsentEvent,
    ContactPoint,
    Customer,
    ImportChange,
    Notification,
    NotificationStatus,
    OptOut,
    Service,
    StaffMember,
)
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.imports.uploads import counts, imported, the, undone
from tests.support import world
from tests.support.world import NOON, Business

PHONE = "(212) 555-0142"
Seen = dict[str, list[tuple[object, ...]]]


def seen(owner: Business) -> Seen:
    """All that files can make and change, as it stands."""
    columns = {
        Customer: ("id", "first_name", "last_name", "language", "preferred_channel", "external_id"),
        ContactPoint: ("id", "customer_id", "channel", "address"),
        Appointment: ("id", "starts_at", "duration_minutes", "status", "service_id", "external_id"),
        Service: ("id", "name", "duration_minutes", "active"),
        StaffMember: ("id", "name", "active"),
    }
    return {
        kind.__name__: [tuple(getattr(row, name) for name in names) for row in rows(owner, kind)]
        for kind, names in columns.items()
    }


FILES = {
    "customers": "first_name,phone,other_phone,email,language\n"
    f"Anna,{PHONE},212-555-0188,ann@mail.test,es\nKay,212-555-0177,,kay@mail.test,\n",
    "appointments": f"external_id,phone,starts_at,service,staff,duration\n"
    f"n1,{PHONE},2026-12-01T10:00,Dye,Uma,45\nn2,{PHONE},2026-12-02T10:00,Dye,,\n",
    "services": "name,duration\nCut,5\nDye,90\n",
    "staff": "name,active\nSofia,no\nUma,yes\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_all_is_as_it_was_before(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(work_imports, "BATCH", 2)
    before, theirs = seen(salon), seen(garage)
    done = imported(salon, kind, FILES[kind])
    assert done.rejected == 0 and done.created, done.reasons
    assert seen(salon) != before
    over = undone(salon, done.id)
    assert (over.status, over.reasons, over.undo_until) == ("undone", [], None)
    assert seen(salon) == before and seen(garage) == theirs
    # By the file again it all comes again.
    assert counts(imported(salon, kind, FILES[kind]))[:2] == (over.created, over.updated)


def test_a_customer_who_has_written_or_has_a_booking_since_stays(
    salon: Business, garage: Business
) -> None:
    people = "".join(f"K{n},212-555-01{n},k{n}@mail.test\n" for n in range(70, 76))
    done = imported(salon, "customers", f"first_name,phone,email\n{people}")
    world.hear(salon, "Hello", number="+12125550170", at=NOON)
    made = {each.first_name: each.id for each in rows(salon, Customer)}
    with tenant_scope(salon.id):
        when = NOON + timedelta(days=9)
        commands.book(NOON, customer_id=made["K71"], starts_at=when, duration_minutes=30)
        db.session.get_one(Customer, made["K72"]).last_name = "Li"
        later = ContactPoint(customer_id=made["K73"], channel="whatsapp", address="+12125550199")
        db.session.add(later)
        points = select(ContactPoint).where(ContactPoint.address == "+12125550174")
        db.session.scalars(points).one().address = "+12125550198"
        db.session.commit()
    over = undone(salon, done.id)
    left = {each.first_name for each in rows(salon, Customer)}
    assert left >= {"K70", "K71", "K72", "K73", "K74"} and "K75" not in left
    told = dict(over.reasons)
    assert told.keys() == {2, 3, 4, 5, 6}
    assert "written to or booked since" in told[2] and "changed since" in told[4]
    # Whoever stays keeps all their addresses.
    reached = {(each.customer_id, each.address) for each in rows(salon, ContactPoint)}
    assert {(made["K70"], "+12125550170"), (made["K70"], "k70@mail.test")} <= reached


def test_what_was_changed_since_keeps_its_value_and_the_rest_gets_the_former(
    salon: Business,
) -> None:
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        ann.first_name, ann.last_name = "Ann", "Salon"
        db.session.commit()
    done = imported(salon, "customers", f"first_name,last_name,phone\nAnna,Becker,{PHONE}\n")
    assert counts(done) == (0, 1, 0, 0)
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).last_name = "Stone"
        db.session.commit()
    over = undone(salon, done.id)
    ann = next(each for each in rows(salon, Customer) if each.id == salon.customer_id)
    assert (ann.first_name, ann.last_name) == ("Ann", "Stone")
    assert "changed since" in the(salon, over.id).reasons[0][1]


def test_an_appointment_of_which_its_customer_was_told_stays(
    salon: Business, garage: Business
) -> None:
    text = "external_id,phone,starts_at\n" + "".join(
        f"n{n},{PHONE},2027-03-0{n}T10:00\n" for n in (1, 2, 3)
    )
    done = imported(salon, "appointments", text)
    made = {each.external_id: each.id for each in rows(salon, Appointment)}
    with tenant_scope(salon.id):
        db.session.add(
            Notification(
                customer_id=salon.customer_id,
                appointment_id=made["n1"],
                type="appointment_reminder",
                starts_at=NOON,
                due_at=NOON,
                useful_until=NOON,
                status=NotificationStatus.SENT,
                reason="sent",
                channel="sms",
                decided_at=NOON,
            )
        )
        db.session.commit()
        commands.confirm(made["n2"], NOON)
    over = undone(salon, done.id)
    left = {each.external_id for each in rows(salon, Appointment)}
    assert left >= {"n1", "n2"} and "n3" not in left
    assert {line for line, _ in over.reasons} == {2, 3}


def test_an_opt_out_of_a_file_is_taken_back_but_not_a_persons_own(
    salon: Business, garage: Business
) -> None:
    text = "phone,opted_out\n212-555-0177,yes\n212-555-0178,yes\n"
    done = imported(salon, "consent", text)
    world.hear(salon, "STOP", number="+12125550178", at=NOON + timedelta(hours=1))
    over = undone(salon, done.id)
    with tenant_scope(salon.id):
        stopped = {(each.channel, each.address) for each in db.session.scalars(select(OptOut))}
        ledger = db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).all()
        said = [each.said for each in ledger if each.address == "+12125550177"]
    assert ("sms", "+12125550178") in stopped and ("sms", "+12125550177") not in stopped
    assert sorted(said) == ["start", "start", "stop", "stop"]
    assert {line for line, _ in over.reasons} == {3}


def test_after_a_day_it_stands(salon: Business, garage: Business) -> None:
    done = imported(salon, "services", "name\nDye\n")
    late = NOON + timedelta(days=1, seconds=1)
    with tenant_scope(salon.id), pytest.raises(Refused, match="for a day"):
        prepare_import.undo(done.id, late)
    with tenant_scope(garage.id), pytest.raises(Refused, match="gone"):
        prepare_import.undo(done.id, NOON)
    prepare_import.forget(NOON + timedelta(days=3))
    assert rows(salon, ImportChange) == []
    assert "Dye" in {each.name for each in rows(salon, Service)}


def test_nothing_is_undone_twice_whoever_is_killed_meanwhile(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    before = seen(salon)
    done = imported(salon, "customers", FILES["customers"])
    with tenant_scope(salon.id):
        prepare_import.undo(done.id, NOON)
    real, killed = work_imports.undo_batch, []

    def die_once(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if not killed:
            killed.append(1)
            raise Killed

    monkeypatch.setattr(work_imports, "undo_batch", die_once)
    with pytest.raises(Killed):
        work_imports.work(NOON)
    db.session.rollback()
    db.session.remove()
    assert seen(salon) != before
    work_imports.work(NOON)
    assert seen(salon) == before
    assert the(salon, done.id).status == "undone"
