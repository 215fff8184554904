"""A salon whose reminders are due: `python -m bench.diary` measures, and prints JSON."""

import gc
import json
import re
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

import wsgi
from app import onboarding
from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, ContactPoint, Customer, Notification, Role, Tenant
from app.notifications.dispatch import dispatch
from app.tenancy import tenant_scope
from bench.crowd import PASSWORD, SALON, STAFF, business

COUNT, WARM_UP, ROUNDS = 400, 50, 3
ROWS, VIEWS = 200, 10
REMINDER = "appointment_reminder"
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# The least that could be called one: its message is entered, and its row is over.
LEAST = (
    "INSERT INTO message (public_id, tenant_id, customer_id, channel, direction, status, body,"
    " sender, recipient, send_after, created_at)"
    " SELECT gen_random_uuid(), tenant_id, customer_id, 'sms', 'outbound', 'queued',"
    " 'See you tomorrow', %(sender)s, '+12125550142', now(), now() FROM notification"
    " WHERE id = %(id)s",
    "UPDATE notification SET status = 'sent', reason = 'By SMS.' WHERE id = %(id)s",
)


def main() -> None:
    app = wsgi.build()
    with app.app_context():
        flask_migrate.upgrade()
        salon = business("salon", SALON)
        salon.quiet_from = salon.quiet_until = None
        db.session.commit()
        with tenant_scope(salon.id):
            onboarding.create_user(STAFF, PASSWORD, Role.STAFF, salon)
        # As a worker does before it works.
        gc.collect()
        gc.freeze()
        dispatched = _best(salon, _dispatch), _best(salon, _least)
        foretold = _views(app, salon)
    print(json.dumps({"dispatched": dispatched, "foretold": foretold}))


def _best(salon: Tenant, work: Callable[[int], object]) -> float:
    """How many a second; the best round counts, as what disturbs only slows."""
    rates = []
    for _ in range(ROUNDS):
        fill(salon, WARM_UP, now())
        work(salon.id)
        fill(salon, COUNT, now())
        begin = time.perf_counter()
        work(salon.id)
        rates.append(COUNT / (time.perf_counter() - begin))
    return max(rates)


def _dispatch(_tenant_id: int) -> None:
    while dispatch(now()):
        pass


def _least(tenant_id: int) -> None:
    with tenant_scope(tenant_id):
        due = list(
            db.session.scalars(select(Notification.id).where(Notification.status == "planned"))
        )
        db.session.rollback()
    for id_ in due:
        with tenant_scope(tenant_id), db.engine.begin() as connection:
            for statement in LEAST:
                connection.exec_driver_sql(statement, {"id": id_, "sender": SALON})


def _views(app: Flask, salon: Tenant) -> tuple[float, float]:
    """The median seconds of the page with its rows, and without any."""
    client = app.test_client()
    form = {"email": STAFF, "password": PASSWORD, "csrf_token": _field(client)}
    client.post("/login", data=form)
    without = _view(client)
    fill(salon, ROWS, now() + timedelta(hours=1))
    return _view(client), without


def _view(client: FlaskClient) -> float:
    took = []
    for _ in range(VIEWS):
        begin = time.perf_counter()
        if client.get("/tomorrow").status_code != 200:
            raise RuntimeError("/tomorrow is not shown")
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def _field(client: FlaskClient) -> str:
    return FIELD.findall(client.get("/login").text)[0]


def fill(salon: Tenant, count: int, due: datetime) -> None:
    """So many customers, each with an appointment that they are to be reminded of then."""
    start = due + timedelta(days=1)
    with tenant_scope(salon.id):
        people = _insert(Customer, [{"first_name": "Ann"}] * count)
        _insert(
            ContactPoint,
            [
                {"customer_id": id_, "channel": "sms", "address": f"+1646{id_:07d}"}
                for id_ in people
            ],
        )
        when = {"starts_at": start, "booked_at": due - timedelta(days=9), "planned_for": start}
        booked = _insert(Appointment, [{"customer_id": id_, **when} for id_ in people])
        about = {
            "type": REMINDER,
            "step": 1440,
            "starts_at": start,
            "due_at": due,
            "useful_until": start,
        }
        _insert(
            Notification,
            [
                {"customer_id": id_, "appointment_id": appointment, **about}
                for id_, appointment in zip(people, booked, strict=True)
            ],
        )
        db.session.commit()


def _insert(
    kind: type[Customer | ContactPoint | Appointment | Notification], rows: list[dict[str, object]]
) -> list[int]:
    return list(
        db.session.scalars(insert(kind).returning(kind.id, sort_by_parameter_order=True), rows)
    )


if __name__ == "__main__":
    main()
