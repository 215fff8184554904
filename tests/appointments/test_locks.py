"""Who works on the same rows in another order waits; nobody is ended over it."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.appointments import commands, import_appointments
from app.customers.lock_customer import lock_customer
from app.extensions import db
from app.inbox import statistics
from app.lib.csv_files.csv_rows import Report
from app.models import Appointment, Customer, Notification, Tenant
from app.notifications.planning.replan import anew
from app.tenancy import tenant_scope
from tests.support import owner as database
from tests.support.crowd import crowd
from tests.support.diary import at, book
from tests.support.world import Business

NOW = "2026-11-10 12:00"
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = current_database()"
)


class Beside(threading.Thread):
    """Somebody who works beside us; what they raised."""

    def __init__(self, app: Flask, owner: Business, work: Callable[[], object]) -> None:
        super().__init__()
        self.error: Exception | None = None
        self._given = app, owner, work

    def run(self) -> None:
        app, owner, work = self._given
        with app.app_context(), tenant_scope(owner.id):
            try:
                work()
                db.session.commit()
            except Exception as error:
                self.error = error

    def waits(self) -> None:
        with database.engine().connect() as watching:
            while self.is_alive() and not watching.execute(WAITING).scalar():
                watching.rollback()


def take(owner: Business, *starts: str) -> Report:
    """A file that cuts the appointments at these times short."""
    report = Report()
    rows = [
        (line, {"customer_phone": owner.customer_number, "starts_at": f"2026-12-01T{start}"})
        for line, start in enumerate(starts, 2)
    ]
    for _, row in rows:
        row["duration_minutes"] = "15"
    shop = import_appointments.shop(db.session.get_one(Tenant, owner.id), announce=False)
    import_appointments.take(rows, shop, at(NOW), report)
    return report


@pytest.mark.parametrize(
    ("first", "then"),
    [
        # A webhook; staff; a deed, or an answer that is read; the dispatcher; the outbox.
        ("conversation", "customer"),
        ("customer", "conversation"),
        ("appointment", "customer"),
        ("customer", "appointment"),
        ("notification", "customer"),
        ("message", "conversation"),
    ],
)
def test_a_customer_is_deleted_while_others_work_on_what_is_theirs(
    app: Flask, salon: Business, garage: Business, first: str, then: str
) -> None:
    def delete() -> None:
        lock_customer(salon.customer_id)
        statistics.forget(salon.customer_id)
        db.session.delete(db.session.get_one(Customer, salon.customer_id))

    book(salon, "2026-12-01 10:00", NOW)
    waiting = "UPDATE message SET status = 'queued', direction = 'outbound'"
    database.run(f"{waiting} WHERE tenant_id = {salon.id}")
    with db.engine.begin() as another, tenant_scope(salon.id):
        for number, table in enumerate((first, then)):
            how = "KEY SHARE" if table == "customer" else "UPDATE"
            ours = text(f"SELECT FROM {table} WHERE tenant_id = {salon.id} FOR {how}")
            another.execute(ours)
            if number == 0:
                deleting = Beside(app, salon, delete)
                deleting.start()
                deleting.waits()
    deleting.join()
    assert deleting.error is None
    with tenant_scope(salon.id):
        assert db.session.get(Customer, salon.customer_id) is None
    with tenant_scope(garage.id):
        assert db.session.get(Customer, garage.customer_id)


def test_changed_settings_wait_for_an_import_and_nobody_is_ended(
    app: Flask, salon: Business, garage: Business
) -> None:
    for start in ("10:00", "11:00"):
        book(salon, f"2026-12-01 {start}", NOW)
    with tenant_scope(salon.id):
        report = take(salon, "11:00")
        planning = Beside(app, salon, lambda: anew(at(NOW)))
        planning.start()
        planning.waits()
        second = take(salon, "10:00")
        db.session.commit()
    planning.join()
    assert planning.error is None
    assert not report.rejected and not second.rejected


def test_the_same_file_twice_at_once_makes_each_appointment_once(
    app: Flask, salon: Business, garage: Business
) -> None:
    def work() -> None:
        with tenant_scope(salon.id):
            take(salon, "10:00", "11:00", "12:00")
            db.session.commit()

    assert not crowd(app, work, size=6)
    with tenant_scope(salon.id):
        count = select(func.count()).where(Appointment.starts_at >= at("2026-12-01 00:00"))
        assert db.session.scalar(count.select_from(Appointment)) == 3


def test_a_form_that_is_posted_fifty_times_at_once_books_once(
    app: Flask, salon: Business, garage: Business
) -> None:
    def post() -> None:
        with tenant_scope(salon.id):
            commands.book(
                at(NOW),
                customer_id=salon.customer_id,
                starts_at=at("2026-11-20 09:00"),
                duration_minutes=60,
                client_token="once",
            )

    assert crowd(app, post) == []
    with tenant_scope(salon.id):
        booked = select(func.count()).select_from(Appointment).filter_by(client_token="once")
        planned = select(Notification.type).where(Notification.starts_at == at("2026-11-20 09:00"))
        assert db.session.scalar(booked) == 1
        assert sorted(db.session.scalars(planned)) == [
            "appointment_reminder",
            "booking_confirmation",
        ]
