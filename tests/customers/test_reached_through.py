"""Who is reached through another customer: one hop, in one business, and what becomes of it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.appointments import commands
from app.customers.reached_through import NoWay, add_to_family, family, reach_through
from app.extensions import db
from app.models import Appointment, Customer, Message, Notification
from app.notifications.dispatch import dispatch
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.diary import at, states
from tests.support.world import Business

BOOKED, EVE, START = "2026-11-10 12:00", "2026-11-24 10:00", "2026-11-25 10:00"


def someone(name: str) -> Customer:
    made = Customer(first_name=name)
    db.session.add(made)
    db.session.flush()
    return made


def add(owner: Business, name: str) -> int:
    """To the family of the business's customer."""
    with tenant_scope(owner.id):
        made = add_to_family(db.session.get_one(Customer, owner.customer_id), name)
        db.session.commit()
        return made.id


def book(owner: Business, customer_id: int, **more: object) -> int:
    with tenant_scope(owner.id):
        details = commands.Changes(customer_id=customer_id, starts_at=at(START), **more)  # type: ignore[typeddict-item]
        return commands.book(at(BOOKED), duration_minutes=30, announce=False, **details).id


def test_it_is_one_hop_and_no_circle(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        ann, mia, rosa = (
            db.session.get_one(Customer, salon.customer_id),
            *map(someone, ("Mia", "Rosa")),
        )
        reach_through(mia, ann)
        for customer, way, reason in (
            (ann, ann, "reached here anyway"),
            (rosa, mia, "Choose Ann Salon instead"),
            (ann, rosa, "Others are reached through Ann Salon"),
        ):
            with pytest.raises(NoWay, match=reason):
                reach_through(customer, way)
        assert [each.id for each in family(ann)] == [mia.id]
        reach_through(mia, None)
        reach_through(ann, rosa)
        assert (family(ann), ann.reached_through_id) == ([], rosa.id)


def test_no_other_business_is_a_way(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        mia = someone("Mia")
        mia.reached_through_id = garage.customer_id
        with pytest.raises(IntegrityError, match="reached_through_id"):
            db.session.commit()
        db.session.rollback()


def test_what_is_booked_for_mia_is_agreed_on_with_ann(salon: Business, garage: Business) -> None:
    mia, id_ = add(salon, "Mia Ruiz"), 0
    id_ = book(salon, mia)
    with tenant_scope(salon.id):
        appointment = db.session.get_one(Appointment, id_)
        assert (appointment.customer_id, appointment.attendee_id) == (salon.customer_id, mia)
        assert appointment.who_comes == "Mia Ruiz"
        with pytest.raises(commands.Refused, match="choose Ann Salon as the customer"):
            commands.book(
                at(BOOKED),
                customer_id=mia,
                attendee_name="Tom",
                starts_at=at(START),
                duration_minutes=30,
            )
        db.session.rollback()
        stranger = someone("Zoe").id
        db.session.commit()
        with pytest.raises(commands.Refused, match="not reached through"):
            commands.change(id_, at(BOOKED), attendee_id=stranger)
        db.session.rollback()
        commands.change(id_, at(BOOKED), attendee_id=None, attendee_name="Tom")
        assert db.session.get_one(Appointment, id_).who_comes == "Tom"
        commands.change(id_, at(BOOKED), customer_id=stranger)
        assert db.session.get_one(Appointment, id_).who_comes == ""


def test_what_was_booked_stays_with_whom_it_was_agreed_on(salon: Business) -> None:
    mia = add(salon, "Mia")
    id_ = book(salon, mia)
    with tenant_scope(salon.id):
        reach_through(db.session.get_one(Customer, mia), None)
        db.session.commit()
    dispatch(at(EVE))
    with tenant_scope(salon.id):
        (row,) = db.session.scalars(select(Message).where(Message.body.contains("for Mia")))
        assert row.customer_id == salon.customer_id
        commands.change(id_, at(EVE), notes="Still the same")


def test_with_ann_gone_mia_keeps_her_appointment_and_nobody_is_written_to(
    salon: Business, garage: Business, admin: Browser
) -> None:
    mia = add(salon, "Mia")
    id_ = book(salon, mia)
    admin.post("/admin/customers/delete/", data={"id": salon.customer_id})
    with tenant_scope(salon.id):
        appointment = db.session.get_one(Appointment, id_)
        assert (appointment.customer_id, appointment.attendee_id) == (mia, None)
        assert appointment.planned_for is None
        assert db.session.scalar(select(func.count(Notification.id))) == 0


def test_with_mia_gone_her_appointment_goes_and_its_reminder_does_not(
    salon: Business, garage: Business, admin: Browser
) -> None:
    mia = add(salon, "Mia")
    id_ = book(salon, mia)
    admin.post("/admin/customers/delete/", data={"id": mia})
    dispatch(at(EVE))
    with tenant_scope(salon.id):
        assert db.session.get(Appointment, id_) is None
        assert not db.session.scalars(select(Message).where(Message.body.contains("Mia"))).all()
    assert states(salon, id_) == []
