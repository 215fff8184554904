"""Taking back, sending at once, trying again: only while it is true, and only once."""

import threading
from datetime import timedelta
from time import monotonic

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import delete, select, update

from app.extensions import db, redis_client
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import ContactPoint, Message, Tenant
from app.outbox.drain import drain, keep_draining
from app.tasks import Task, WorkerQueue, enqueue
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import Business, say


@pytest.fixture
def patient(salon: Business) -> Business:
    """The salon, with five seconds to take a message back."""
    db.session.get_one(Tenant, salon.id).undo_seconds = 5
    db.session.commit()
    return salon


def write(browser: Browser, business: Business) -> int:
    values = {"customer_id": business.customer_id, "channel": "sms", "body": "See you at ten"}
    answer = browser.post("/messages/send", json=values)
    assert answer.json
    return int(answer.json["id"])


def press(browser: Browser, business: Business, id_: int, action: str) -> int:
    path = f"/messages/{business.customer_id}/{id_}/{action}"
    return browser.post(path, headers={"Accept": "application/json"}).status_code


def messages(business: Business) -> list[Message]:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Message).where(Message.direction == "outbound").order_by(Message.id)
        return list(db.session.scalars(query))


def test_a_message_waits_until_it_can_no_longer_be_taken_back(
    twilio: Carrier, patient: Business, staff: Browser
) -> None:
    write(staff, patient)
    drain(now())
    assert twilio.sent(patient.customer_number) == []
    drain(now() + timedelta(seconds=6))
    assert len(twilio.sent(patient.customer_number)) == 1


def test_what_is_taken_back_never_leaves(
    twilio: Carrier, patient: Business, garage: Business, staff: Browser
) -> None:
    id_ = write(staff, patient)
    assert "Undo" in staff.get(f"/messages/{patient.customer_id}").text
    assert press(Browser(garage.staff), patient, id_, "undo") == 404
    assert press(staff, patient, id_, "undo") == 200
    path = f"/messages/{patient.customer_id}/{id_}/undo"
    again = staff.post(path, headers={"Accept": "application/json"})
    assert again.status_code == 422 and "taken back already" in again.text
    drain(now() + timedelta(days=1))
    assert twilio.sent(patient.customer_number) == []
    # What was never said stands no more in the thread, and again where it was written.
    page = staff.get(f"/messages/{patient.customer_id}").text
    assert page.count("See you at ten") == 2 and "See you at ten</textarea>" in page
    assert "Draft</span> See you at ten" in page
    assert "See you at ten" not in Browser(patient.admin).get("/messages").text


def test_what_has_left_cannot_be_taken_back(
    twilio: Carrier, patient: Business, staff: Browser
) -> None:
    id_ = write(staff, patient)
    drain(now() + timedelta(seconds=6))
    assert press(staff, patient, id_, "undo") == 422
    assert press(staff, patient, id_, "now") == 422
    assert messages(patient)[0].status is not MessageStatus.CANCELLED


def test_a_message_can_leave_at_once(twilio: Carrier, patient: Business, staff: Browser) -> None:
    id_ = write(staff, patient)
    assert press(staff, patient, id_, "now") == 200
    drain(now())
    assert len(twilio.sent(patient.customer_number)) == 1


def test_the_worker_waits_for_what_is_due_in_a_moment(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    db.session.get_one(Tenant, salon.id).undo_seconds = 1
    db.session.commit()
    write(staff, salon)
    # The worker has taken the task that this enqueued.
    redis_client().flushdb()
    keep_draining()
    assert len(twilio.sent(salon.customer_number)) == 1


def test_the_worker_waits_for_nothing_while_people_wait_for_it(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    db.session.get_one(Tenant, salon.id).undo_seconds = 60
    db.session.commit()
    write(staff, salon)
    with tenant_scope(salon.id):
        db.session.execute(update(Message).values(send_after=now() + timedelta(seconds=8)))
        db.session.commit()
    redis_client().flushdb()
    enqueue(Task.DISPATCH)
    begun = monotonic()
    keep_draining()
    assert monotonic() - begun < 5
    urgent = Queue(WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer)
    assert [job.func_name for job in urgent.jobs] == [Task.DISPATCH, Task.DRAIN_OUTBOX]


def test_an_email_to_a_mailbox_that_is_none_is_not_offered_again(
    salon: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(ContactPoint).where(ContactPoint.channel == "email"))
        about = {"channel": "email", "address": "gone@lee.example", "invalid_since": now()}
        db.session.add(ContactPoint(customer_id=salon.customer_id, **about))
        sent = say(salon, "Hello", status=MessageStatus.FAILED)
        by_email = update(Message).where(Message.id == sent)
        db.session.execute(by_email.values(channel="email", recipient="gone@lee.example"))
        db.session.commit()
        assert "Try again" not in staff.get(f"/messages/{salon.customer_id}").text
        another = about | {"address": "ann@lee.example", "invalid_since": None}
        db.session.add(ContactPoint(customer_id=salon.customer_id, **another))
        db.session.commit()
        assert "Try again" in staff.get(f"/messages/{salon.customer_id}").text


def test_a_failed_message_is_tried_again_as_a_new_one_that_says_so(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    failed = say(salon, "Hello", status=MessageStatus.FAILED)
    assert "Try again" in staff.get(f"/messages/{salon.customer_id}").text
    for _ in range(2):
        assert press(staff, salon, failed, "again") == 200
    first, second = messages(salon)
    assert (first.id, first.status) == (failed, MessageStatus.FAILED)
    assert (second.body, second.again_of_id) == ("Hello", failed)
    assert "Tried again" in staff.get(f"/messages/{salon.customer_id}").text
    assert press(staff, salon, second.id, "undo") == 200
    for _ in range(2):
        assert press(staff, salon, failed, "again") == 200
    assert [each.status for each in messages(salon)[1:]] == ["cancelled", "queued"]


@pytest.mark.parametrize("status", ["accepted", "unknown", "checking", "delivered", "queued"])
def test_only_what_failed_can_be_tried_again(salon: Business, staff: Browser, status: str) -> None:
    id_ = say(salon, "Hello", status=MessageStatus(status))
    assert press(staff, salon, id_, "again") == 422
    assert len(messages(salon)) == 1


def test_undo_and_the_claim_cannot_both_win(
    app: Flask, twilio: Carrier, salon: Business, staff: Browser
) -> None:
    ids = [say(salon, f"Number {n}", status=MessageStatus.QUEUED, at=now()) for n in range(20)]
    codes: dict[int, int] = {}

    def undo() -> None:
        with app.app_context():
            for id_ in reversed(ids):
                codes[id_] = press(staff, salon, id_, "undo")

    thread = threading.Thread(target=undo)
    thread.start()
    drain(now())
    thread.join()
    drain(now())
    sent = {each["body"] for each in twilio.sent(salon.customer_number)}
    for message in messages(salon):
        taken_back = codes[message.id] == 200
        assert taken_back is (message.status is MessageStatus.CANCELLED)
        assert taken_back is not (message.body in sent)
