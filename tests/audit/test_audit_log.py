"""Who did what is written in the transaction that does it, for ever, and seen by nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.audit.acting import acting
from app.audit.audit_log import KEPT, Wanted, page
from app.audit.audit_record import record
from app.extensions import db
from app.lib.time.clock import now
from app.models import (
    AuditAction,
    AuditEntry,
    ContactPoint,
    Customer,
    PlatformAuditEntry,
    Service,
    Tenant,
    User,
)
from app.retention import forget_old
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.reading import everybodys, rows
from tests.support import owner
from tests.support.browser import Browser
from tests.support.world import Business, operator


def entries(business: Business) -> list[AuditEntry]:
    return rows(business, AuditEntry)


def user(email: str) -> User:
    return next(each for each in everybodys(User) if each.email == email)


def test_who_changes_a_row_is_logged_with_before_and_after(
    salon: Business, garage: Business, admin: Browser
) -> None:
    service = rows(salon, Service)[0]
    form = {"name": "Trim", "duration_minutes": str(service.duration_minutes), "active": "y"}
    assert admin.post(f"/admin/services/edit/?id={service.id}", data=form).status_code == 302
    [entry] = entries(salon)
    assert (entry.action, entry.row_kind, entry.row_id) == ("changed", "service", service.id)
    assert entry.changes == {"name": ["Cut", "Trim"]}
    assert entry.actor_id == user(salon.admin).id and not entry.by_operator
    assert entries(garage) == []


def test_a_new_row_and_a_deleted_one_are_logged_with_what_they_were(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"name": "Perm", "duration_minutes": "90", "active": "y"}
    assert admin.post("/admin/services/new/", data=form).status_code == 302
    made = rows(salon, Service)[-1].id
    assert admin.post("/admin/services/delete/", data={"id": str(made)}).status_code == 302
    added, gone = entries(salon)
    assert (added.action, added.row_id, added.row_name) == ("created", made, "Perm")
    assert added.changes["duration_minutes"] == [None, 90]
    assert (gone.action, gone.row_id) == ("deleted", made)
    assert gone.changes["name"] == ["Perm", None]


def test_what_is_rolled_back_was_never_logged(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id), acting(user(salon.admin)):
        db.session.add(Service(name="Perm", duration_minutes=90))
        db.session.flush()
        record(AuditAction.EXPORTED, facts={"rows": 1})
        assert len(db.session.scalars(select(AuditEntry)).all()) == 2
        db.session.rollback()
    assert entries(salon) == []


def test_what_nobody_does_is_not_logged(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        db.session.add(Service(name="Perm", duration_minutes=90))
        record(AuditAction.EXPORTED, facts={"rows": 1})
        db.session.commit()
    assert entries(salon) == []


def test_what_stays_as_it_was_is_no_change(salon: Business, admin: Browser) -> None:
    service = rows(salon, Service)[0]
    form = {"name": "Cut", "duration_minutes": str(service.duration_minutes), "active": "y"}
    assert admin.post(f"/admin/services/edit/?id={service.id}", data=form).status_code == 302
    assert entries(salon) == []


def _act(business: Business, name: str = "Perm") -> None:
    with tenant_scope(business.id), acting(user(business.admin)):
        db.session.add(Service(name=name, duration_minutes=90))
        db.session.commit()


def test_postgresql_refuses_to_change_or_delete_an_entry_whoever_asks(
    salon: Business, garage: Business
) -> None:
    _act(salon)
    with acting(user(operator())):
        record(AuditAction.SIGNED_OUT)
        db.session.commit()
    before = entries(salon)[0].changes
    for kind in (AuditEntry, PlatformAuditEntry):
        for statement in (update(kind).values(actor_name="Nobody"), delete(kind)):
            with unscoped("a test"), pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(statement.execution_options(synchronize_session=False))
            db.session.rollback()
            with tenant_scope(salon.id), pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(statement.execution_options(synchronize_session=False))
            db.session.rollback()
    for table in ("audit_entry", "platform_audit_entry"):
        with pytest.raises(Exception, match="append-only"):
            owner.run(f"DELETE FROM {table}")
        with unscoped("a test"), pytest.raises(DBAPIError, match="permission denied"):
            db.session.connection().exec_driver_sql(f"TRUNCATE {table}")
        db.session.rollback()
    assert entries(salon)[0].changes == before


def test_an_entry_is_kept_for_its_time_and_then_goes(salon: Business, garage: Business) -> None:
    _act(salon)
    old = now() - KEPT - timedelta(days=1)
    owner.run(
        "INSERT INTO audit_entry (tenant_id, at, action)"
        f" VALUES ({salon.id}, '{old}', 'created'), ({salon.id}, '{old + KEPT / 2}', 'deleted')"
    )
    forget_old.forget(now())
    assert {entry.action for entry in entries(salon)} == {"created", "deleted"}
    assert len(entries(salon)) == 2


def test_a_business_that_is_deleted_takes_its_log_along(salon: Business, garage: Business) -> None:
    _act(garage)
    _act(salon)
    with unscoped("a test"):
        db.session.delete(next(row for row in everybodys(Tenant) if row.id == garage.id))
        db.session.commit()
        assert {entry.tenant_id for entry in everybodys(AuditEntry)} == {salon.id}


def test_a_customer_who_is_deleted_leaves_no_name_and_no_number_in_the_log(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {
        "first_name": "Zoe",
        "last_name": "Quill",
        "contact_points-0-channel": "sms",
        "contact_points-0-address": "+12125550187",
    }
    assert admin.post("/admin/customers/new/", data=form).status_code == 302
    made = rows(salon, Customer)[-1].id
    told = [str(entry.changes) + entry.row_name for entry in entries(salon)]
    assert "Zoe" in "".join(told) and "+12125550187" in "".join(told)
    assert admin.post("/admin/customers/delete/", data={"id": str(made)}).status_code == 302
    assert made not in {row.id for row in rows(salon, Customer)}
    after = entries(salon)
    assert "deleted" in {entry.action for entry in after if entry.row_kind == "customer"}
    for entry in after:
        assert (entry.changes, entry.row_name) == ({}, ""), entry.action
    assert {entry.customer_id for entry in after} == {made}
    assert not [each for each in rows(salon, ContactPoint) if each.customer_id == made]


def test_pages_follow_one_another_without_a_gap(salon: Business, garage: Business) -> None:
    for number in range(5):
        _act(salon, f"Perm {number}")
    _act(garage, "Oil")
    seen: list[str] = []
    with tenant_scope(salon.id):
        lines, older = page(Wanted(), most=2)
        while True:
            seen += [line.row_name for line in lines]
            if older is None:
                break
            lines, older = page(Wanted(), older, most=2)
    assert seen == [f"Perm {number}" for number in reversed(range(5))]
