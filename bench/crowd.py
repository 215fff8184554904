"""A garage whose ten thousand reminders are due, beside a salon: `python -m bench.crowd COUNT`."""

import sys
from datetime import timedelta

import flask_migrate
from sqlalchemy import insert

import wsgi
from app import onboarding, tasks
from app.extensions import db
from app.lib.time.clock import now
from app.models import ContactPoint, Customer, Message, Role, Tenant
from app.outbox.queue import rate_limit
from app.tenancy import tenant_scope

SALON, GARAGE, ANN = "+14155550100", "+14155550199", "+12125550142"
STAFF, PASSWORD = "staff@salon.test", "correct-horse-battery"


def main(count: int) -> None:
    with wsgi.build().app_context():
        flask_migrate.upgrade()
        salon = business("salon", SALON)
        with tenant_scope(salon.id):
            onboarding.create_user(STAFF, PASSWORD, Role.STAFF, salon)
            customer(ANN)
        garage = business("garage", GARAGE)
        with tenant_scope(garage.id):
            remind(garage, customer("+12125550143"), count)
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def business(slug: str, number: str) -> Tenant:
    tenant = onboarding.create_tenant(slug, slug.title(), "America/New_York", "US", number, number)
    tenant.undo_seconds, tenant.sms_pace = 0, 1000
    # What is beyond it would wait for tomorrow.
    tenant.segments_a_day = 1_000_000
    db.session.commit()
    return tenant


def customer(number: str) -> int:
    person = Customer(first_name="Ann")
    person.contact_points.append(ContactPoint(channel="sms", address=number))
    db.session.add(person)
    db.session.commit()
    return person.id


def remind(garage: Tenant, customer_id: int, count: int) -> None:
    due = now() - timedelta(minutes=1)
    number = garage.sms_from or GARAGE
    rate_limit.introduce(garage, "sms", number, due)
    same = {
        "customer_id": customer_id,
        "channel": "sms",
        "direction": "outbound",
        "status": "queued",
        "sender": number,
        "body": "Your car is due for its service.",
        "send_after": due,
    }
    rows = [same | {"recipient": f"+1646555{place:04d}"} for place in range(count)]
    if rows:
        db.session.execute(insert(Message), rows)
    db.session.commit()


if __name__ == "__main__":
    main(int(sys.argv[1]))
