"""Whatever is written, and whoever is in scope: no row comes to another tenant."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from app.extensions import db
from app.models import ContactPoint, Customer, Message, User
from app.tenancy import TenantMissing, WrongTenant, tenant_scope, unscoped
from tests.support.world import Business


def test_a_row_for_another_tenant_is_not_written(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        db.session.add(Customer(tenant_id=garage.id))
        with pytest.raises(WrongTenant):
            db.session.flush()
        db.session.rollback()


def test_no_row_moves_to_another_tenant(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).tenant_id = garage.id
        with pytest.raises(WrongTenant):
            db.session.flush()
        db.session.rollback()


def test_another_tenants_row_at_hand_cannot_be_changed_deleted_or_taken_over(
    salon: Business, garage: Business
) -> None:
    def take_over(row: Customer) -> None:
        row.tenant_id = salon.id

    def change(row: Customer) -> None:
        row.notes = "ours"

    for harm in (change, take_over, db.session.delete):
        with tenant_scope(garage.id):
            theirs = db.session.get_one(Customer, garage.customer_id)
            assert theirs.contact_points, "loaded"
        with tenant_scope(salon.id):
            harm(theirs)
            with pytest.raises(WrongTenant):
                db.session.flush()
            db.session.rollback()
        db.session.remove()


def test_a_merge_with_a_strangers_key_overwrites_nothing(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        db.session.merge(Customer(id=garage.customer_id, notes="ours"))
        db.session.commit()
    db.session.remove()
    with tenant_scope(garage.id):
        assert db.session.get_one(Customer, garage.customer_id).notes != "ours"


def test_a_foreign_key_cannot_point_at_a_strangers_row(salon: Business, garage: Business) -> None:
    """Even where the tenancy guard is off: the database itself refuses."""
    with unscoped("the guard is off, the composite key is not"):
        db.session.add(
            ContactPoint(
                tenant_id=salon.id, customer_id=garage.customer_id, channel="sms", address="+1"
            )
        )
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_session_does_not_hand_one_tenants_row_to_the_next(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(garage.id):
        theirs = db.session.get_one(Customer, garage.customer_id)
    assert theirs in db.session, "the session remembers it"
    with tenant_scope(salon.id):
        assert db.session.get(Customer, garage.customer_id) is None
        assert db.session.get(Customer, garage.customer_id, options=()) is None
    with pytest.raises(TenantMissing):
        db.session.get(Customer, garage.customer_id)


def test_a_row_that_was_found_across_tenants_opens_no_others(
    salon: Business, garage: Business
) -> None:
    with unscoped("a test"):
        theirs = db.session.get_one(Customer, garage.customer_id)
    with tenant_scope(salon.id):
        assert theirs.contact_points == []
    with unscoped("a test"):
        message = db.session.scalars(select(Message).where(Message.tenant_id == garage.id)).one()
    with pytest.raises(StatementError) as refused:
        _ = message.customer
    assert isinstance(refused.value.orig, TenantMissing)


def test_a_scope_is_left_again_whatever_happens_in_it(salon: Business, garage: Business) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(salon.id):
        raise ZeroDivisionError
    with tenant_scope(garage.id), tenant_scope(garage.id):
        assert db.session.scalars(select(Customer.id)).all() == [garage.customer_id]


def test_two_tenants_cannot_be_in_scope_at_once(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id), pytest.raises(WrongTenant), tenant_scope(garage.id):
        pytest.fail("entered")


def test_who_belongs_to_no_tenant_is_seen_in_no_tenants_scope(
    salon: Business, garage: Business, operator: object
) -> None:
    with tenant_scope(salon.id):
        emails = set(db.session.scalars(select(User.email)))
    assert emails == {salon.staff, salon.admin}


def test_who_belongs_to_no_tenant_can_change_themselves_outside_of_any(
    salon: Business, operator: object
) -> None:
    with unscoped("a test"):
        person = db.session.scalars(select(User).where(User.tenant_id.is_(None))).one()
    person.name = "Olga"
    db.session.commit()
    with unscoped("a test"):
        assert db.session.scalar(select(User.name).where(User.tenant_id.is_(None))) == "Olga"
