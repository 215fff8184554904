"""The dashboard tells of a business's own messages and people, as a chart, a table and a file."""

from csv import reader
from datetime import timedelta
from io import StringIO

from sqlalchemy import func, select, update

from admin_views.reports import REPORTS
from admin_views.reports.automatic_report import WHY
from app.extensions import db
from app.lib.message_status import MessageStatus as Status
from app.lib.time.clock import now
from app.models import Customer, Message, Notification, User
from app.notifications import transitions as notifications
from app.notifications.causes import Cause
from app.outbox import transitions
from app.outbox.compose.ledger import enter
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business, hear


def answer(business: Business, after: timedelta, status: Status) -> None:
    """Somebody writes by WhatsApp, and has an answer after that time, which comes so far."""
    moment = now() - timedelta(hours=2)
    hear(business, "Are you open?", number="+13475550001", channel="whatsapp", at=moment)
    with tenant_scope(business.id):
        customer_id = db.session.scalars(select(func.max(Customer.id))).one()
        user = db.session.scalars(select(User.id).where(User.email == business.staff)).one()
        row = transitions.queue(
            customer_id=customer_id,
            channel="whatsapp",
            body="We are.",
            sender=business.number,
            recipient=business.customer_number,
            created_at=moment + after,
            author_id=user,
        )
        enter(row, by_hand=True)
        db.session.execute(update(Message).where(Message.id == row.id).values(status=status))
        db.session.commit()


def left_out(business: Business) -> None:
    with tenant_scope(business.id):
        moment = now() - timedelta(hours=1)
        row: Notification = notifications.new(
            type="appointment_reminder",
            customer_id=business.customer_id,
            due_at=moment,
            useful_until=moment,
        )
        notifications.skip(row, Cause.QUIET_HOURS, "Quiet.", moment)
        db.session.add(row)
        hear(business, "STOP", at=moment)
        db.session.commit()


def file(browser: Browser, key: str) -> list[dict[str, str]]:
    answer = browser.get(f"/admin/report.csv?of={key}&period=7")
    assert answer.mimetype == "text/csv"
    columns, *rows = reader(StringIO(answer.text))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_reports_tell_of_the_business_and_of_no_other(
    salon: Business, garage: Business, admin: Browser
) -> None:
    answer(salon, timedelta(minutes=10), Status.DELIVERED)
    left_out(salon)
    for _ in range(2):
        answer(garage, timedelta(minutes=50), Status.FAILED)
    page = admin.get("/admin/?period=7").text
    assert all(f'id="report-{key}"' in page for key in REPORTS)
    assert "10 min" in page
    # By the day on which it was written, which is yesterday's just after midnight.
    assert sum(int(row["WhatsApp"]) for row in file(admin, "messages")) == 2
    (of_whatsapp,) = file(admin, "delivery")
    assert (of_whatsapp["Delivered"], of_whatsapp["Failed, of 100"]) == ("1", "0.0")
    assert sum(int(row["Answers"]) for row in file(admin, "answers")) == 1
    (person,) = file(admin, "people")
    assert (person["Name"], person["Messages sent"], person["Answers"]) == ("Staff", "1", "1")
    assert 9.5 <= float(person["Median of first answers"]) <= 10.5
    (why,) = file(admin, "automatic")
    assert (why["Why"], why["How many"]) == ("Quiet hours left no time for it", "1")
    assert [(row["Channel"], row["How many"]) for row in file(admin, "opt-outs")] == [("SMS", "1")]
    heard = sum(int(n) for row in file(admin, "busy-hours") for n in list(row.values())[1:])
    assert heard == 2
    assert admin.get("/admin/report.csv?of=nonsense").status_code == 404


def test_every_cause_has_its_words() -> None:
    assert WHY.keys() == set(Cause)
