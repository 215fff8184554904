"""The operator sees what stands aside in all businesses, and says: once more, or never again."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from app import heartbeat, tasks
from app.extensions import db, redis_client
from app.inbound import media_fetch, recover, unstorable
from app.inbound.recovery_lease import EVERY
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import DeadLetter, Media, Message
from app.operations import dead_letter_rows, retry_or_discard
from app.outbox.drain import drain
from app.outbox.settle import dead_letters, reconcile, record
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.poison import POISON, breaks, buried, message, queue
from tests.support.world import NOON, Business

PAGE = "/admin/parked/"


def aside(business: Business, state: MessageStatus, body: str = POISON) -> int:
    """A message that stands aside in that state; its id."""
    id_ = queue(business, body)
    with tenant_scope(business.id):
        row = db.session.get_one(Message, id_)
        row.status, row.attempts = state, record.MOST_ATTEMPTS
        row.attempted_at, row.checks = now(), 99
        dead_letters.bury_message(
            id_, row.attempts, "Broken in app/outbox/delivery/job.py, line 1", NOON
        )
        db.session.commit()
    return id_


def aside_media(business: Business) -> int:
    """An attachment that stands aside; its id."""
    with tenant_scope(business.id):
        row = db.session.query(Media).one()
        row.state, row.attempts = "failed", media_fetch.MOST_ATTEMPTS
        dead_letters.bury_media(
            row.id, row.attempts, "Broken in app/inbound/media_fetch.py, line 1", NOON
        )
        db.session.commit()
        return row.id


def press(operator: Browser, verb: str, *keys: str) -> str:
    """Tick those and press the button; what the page then says."""
    form = {verb: "ticked", "key": list(keys)}
    answer = operator.post("/admin/parked/settle", data=form)
    assert (answer.status_code, answer.location) == (302, PAGE)
    return told(operator)


def told(operator: Browser) -> str:
    return " ".join(re.findall(r'class="flash [^>]*>([^<]*)', operator.get(PAGE).text))


def key(business: Business) -> str:
    [row] = buried(business)
    return f"row-{row.id}"


def test_the_list_names_work_of_all_businesses_and_no_customer(
    operator: Browser, salon: Business, garage: Business
) -> None:
    ours, theirs = aside(salon, MessageStatus.FAILED), aside_media(garage)
    page = operator.get(PAGE).text
    assert f"Message {ours} (SMS)" in page and f"Attachment {theirs} of message" in page
    assert "Salon" in page and "Strangers" in page
    assert "Broken in app/outbox/delivery/job.py, line 1" in page
    for secret in (POISON, salon.customer_number, garage.customer_number, "Ann"):
        assert secret not in page


def test_an_empty_list_says_so(operator: Browser, salon: Business) -> None:
    page = operator.get(PAGE).text
    assert "Nothing is parked" in page and "none waits" in page


def test_nobody_else_sees_or_settles_it(
    staff: Browser, admin: Browser, salon: Business, garage: Business
) -> None:
    aside(salon, MessageStatus.FAILED)
    row = key(salon)
    for person in (staff, admin, Browser(garage.admin)):
        assert person.get(PAGE).status_code == 403
        assert "Parked work" not in person.get("/messages").text
        assert person.post("/admin/parked/settle", data={"retry": row}).status_code == 403
        assert person.post("/admin/parked/settle", data={"discard": row}).status_code == 403
    assert key(salon) == row


def test_a_forged_form_settles_nothing(operator: Browser, salon: Business) -> None:
    aside(salon, MessageStatus.FAILED)
    row = key(salon)
    operator.token = "forged"
    assert operator.post("/admin/parked/settle", data={"discard": row}).status_code == 400
    assert key(salon) == row


def test_an_operator_inside_one_business_settles_another_ones_work(
    twilio: Carrier, operator: Browser, salon: Business, garage: Business
) -> None:
    id_ = aside(garage, MessageStatus.FAILED)
    operator.post(f"/admin/tenants/enter/{salon.id}")
    assert "One new attempt each: 1." in press(operator, "retry", key(garage))
    drain(now())
    assert message(garage, id_).status is MessageStatus.ACCEPTED


def test_a_retry_is_one_new_attempt(
    twilio: Carrier, operator: Browser, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.outbox.delivery import job

    with monkeypatch.context() as broken:
        breaks(broken, job, "outgoing")
        id_ = aside(salon, MessageStatus.FAILED)
        press(operator, "retry", key(salon))
        assert buried(salon) == []
        drain(now())
        assert message(salon, id_).status is MessageStatus.FAILED
    press(operator, "retry", key(salon))
    drain(now())
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    assert len(twilio.sent(salon.customer_number)) == 1


def test_several_are_settled_at_once_and_a_second_press_finds_nothing(
    twilio: Carrier, operator: Browser, salon: Business, garage: Business
) -> None:
    aside(salon, MessageStatus.FAILED), aside(garage, MessageStatus.FAILED)
    keys = key(salon), key(garage)
    assert "One new attempt each: 2." in press(operator, "retry", *keys, *keys)
    assert "Left alone, as settled meanwhile: 2." in press(operator, "retry", *keys)
    assert "Left alone, as settled meanwhile: 2." in press(operator, "discard", *keys)
    drain(now())
    for business in (salon, garage):
        assert len(twilio.sent(business.customer_number)) == 1


def test_what_is_in_doubt_is_looked_for_and_sent_only_if_proven_absent(
    twilio: Carrier, operator: Browser, salon: Business
) -> None:
    id_ = aside(salon, MessageStatus.UNKNOWN)
    press(operator, "retry", key(salon))
    drain(now())
    assert message(salon, id_).status is MessageStatus.CHECKING
    assert twilio.sent(salon.customer_number) == []
    reconcile.reconcile(now() + timedelta(minutes=5))
    drain(now() + timedelta(hours=1))
    assert len(twilio.sent(salon.customer_number)) == 1


def test_what_is_in_doubt_waits_while_its_duplicate_is_on_its_way(
    operator: Browser, salon: Business
) -> None:
    twin = queue(salon, POISON)
    id_ = aside(salon, MessageStatus.UNKNOWN)
    with tenant_scope(salon.id):
        db.session.get_one(Message, twin).status = MessageStatus.CHECKING
        db.session.commit()
    assert "a message just like it is on its way: 1" in press(operator, "retry", key(salon))
    assert message(salon, id_).status is MessageStatus.UNKNOWN


def test_what_recovered_meanwhile_is_left_alone(operator: Browser, salon: Business) -> None:
    for verb in ("retry", "discard"):
        id_ = aside(salon, MessageStatus.UNKNOWN, verb)
        row = key(salon)
        with tenant_scope(salon.id):
            db.session.get_one(Message, id_).status = MessageStatus.DELIVERED
            db.session.commit()
        assert "Left alone, as settled meanwhile: 1." in press(operator, verb, row)
        assert message(salon, id_).status is MessageStatus.DELIVERED
        assert buried(salon) == []


@pytest.mark.parametrize("state", [MessageStatus.FAILED, MessageStatus.UNKNOWN])
def test_what_staff_wrote_anew_meanwhile_is_not_sent_as_well(
    operator: Browser, staff: Browser, salon: Business, state: MessageStatus
) -> None:
    id_ = aside(salon, state)
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "Once more, by hand"}
    assert staff.post("/messages/send", data=form).status_code == 302
    assert "Left alone, as settled meanwhile: 1." in press(operator, "retry", key(salon))
    assert message(salon, id_).status is state


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (MessageStatus.FAILED, dead_letter_rows.DISCARDED),
        (MessageStatus.UNKNOWN, dead_letter_rows.DISCARDED_IN_DOUBT),
    ],
)
def test_a_discarded_message_says_so_to_staff(
    operator: Browser, staff: Browser, salon: Business, state: MessageStatus, reason: str
) -> None:
    id_ = aside(salon, state, "Hello")
    assert "Discarded: 1." in press(operator, "discard", key(salon))
    stored = message(salon, id_)
    assert (stored.status, stored.error) == (state, reason)
    assert "Discarded by the operator" in staff.get(f"/messages/{salon.customer_id}").text
    assert buried(salon) == []


def test_an_attachment_is_fetched_once_more_or_given_up(operator: Browser, salon: Business) -> None:
    aside_media(salon)
    press(operator, "retry", key(salon))
    assert buried(salon) == []
    assert media_fetch.fetch_due(now()) == 1
    assert buried(salon)[0].attempts == media_fetch.MOST_ATTEMPTS, "one attempt, and aside again"
    press(operator, "discard", key(salon))
    assert buried(salon) == []
    assert media_fetch.fetch_due(now() + timedelta(days=9)) == 0


def unstored(twilio: Carrier, business: Business) -> None:
    """A customer's message that Twilio has, and that stands aside."""
    from tests.inbound.test_recover import text

    sid = text(twilio, business, "Hello there")
    with tenant_scope(business.id):
        values = {"attempts": unstorable.MOST_ATTEMPTS, "reason": "Broken", "since": NOON}
        db.session.add(DeadLetter(sid=sid, **values))
        db.session.commit()


def test_a_customers_message_stays_in_the_list_until_it_is_stored(
    twilio: Carrier, operator: Browser, salon: Business
) -> None:
    unstored(twilio, salon)
    later = now() + timedelta(minutes=3)
    assert recover.recover(later) == 0
    press(operator, "retry", key(salon))
    assert len(buried(salon)) == 1
    assert recover.recover(later + EVERY) == 1
    dead_letters.forget_recovered()
    assert buried(salon) == []


def test_a_discarded_customers_message_is_not_tried_again(
    twilio: Carrier, operator: Browser, salon: Business
) -> None:
    unstored(twilio, salon)
    assert "Discarded: 1." in press(operator, "discard", key(salon))
    assert recover.recover(now() + timedelta(minutes=3)) == 0
    assert "Nothing is parked" in operator.get(PAGE).text


def test_a_long_list_comes_in_pages(
    operator: Browser, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.dead_letter_list.PAGE", 2)
    monkeypatch.setattr("admin_views.operator.dead_letters_page.PAGE", 2)
    ids = [aside(salon, MessageStatus.FAILED, f"Number {n}") for n in range(3)]
    first = operator.get(PAGE).text
    assert f"Message {ids[0]} " not in first and f"Message {ids[2]} " in first
    older = re.search(r'href="([^"]*before=\d+)"', first)
    assert older
    assert f"Message {ids[0]} " in operator.get(older[1]).text
    assert operator.get(f"{PAGE}?before={10**30}").status_code == 200


@pytest.mark.parametrize("forged", ["row-", "row-x", "row-999999999999999999", "job-", "job-x", ""])
def test_a_key_of_nothing_is_left_alone(operator: Browser, salon: Business, forged: str) -> None:
    assert "Left alone" in press(operator, "discard", forged)
    assert "Left alone" in press(operator, "retry", forged)


def test_the_oldest_due_message_and_the_last_sweep_are_told(
    operator: Browser, salon: Business
) -> None:
    id_ = queue(salon, "Hello")
    with tenant_scope(salon.id):
        db.session.get_one(Message, id_).send_after = now() - timedelta(hours=3)
        db.session.commit()
    heartbeat.promise(redis_client(), {heartbeat.SWEEP: 20}, now() - timedelta(minutes=7))
    page = operator.get(PAGE).text
    assert "due for 3 hours" in page and "7 minutes ago" in page
    assert "overdue: sweep" in page


def failed_job(app: Flask, name: str = "jobs.worker_tasks.dispatch") -> str:
    """A job that the worker could not do, as it takes nothing; its id."""
    from tests.jobs.test_worker_tasks import work

    waiting = Queue(tasks.WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer)
    job = waiting.enqueue(name, "nothing", failure_ttl=86_400)
    work(app, redis_client())
    return str(job.id)


def test_a_failed_job_is_shown_tried_again_and_discarded(app: Flask, operator: Browser) -> None:
    id_ = failed_job(app)
    page = operator.get(PAGE).text
    assert "Job dispatch" in page
    assert "One new attempt each: 1." in press(operator, "retry", f"job-{id_}")
    assert "Left alone" in press(operator, "retry", f"job-{id_}")
    assert "Job dispatch" not in operator.get(PAGE).text
    other = failed_job(app)
    assert "Discarded: 2." in press(operator, "discard", f"job-{id_}", f"job-{other}")
    assert "Nothing is parked" in operator.get(PAGE).text


def test_without_redis_the_page_says_what_it_cannot_show(
    operator: Browser, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask import current_app

    from app.factory import quick_redis

    aside(salon, MessageStatus.FAILED)
    monkeypatch.setitem(current_app.extensions, "redis", quick_redis("redis://127.0.0.1:1"))
    page = operator.get(PAGE).text
    assert "Redis cannot be reached" in page and "(SMS)" in page
    assert "Redis cannot be reached" in press(operator, "discard", "job-x")


def test_two_who_press_at_once_do_it_once(app: Flask, salon: Business) -> None:
    aside(salon, MessageStatus.FAILED)
    row = int(key(salon).removeprefix("row-"))
    db.session.remove()

    def press_retry(_: int) -> retry_or_discard.Settled:
        with app.app_context():
            return retry_or_discard.retry(row, NOON)

    with ThreadPoolExecutor(4) as people:
        settled = Counter(people.map(press_retry, range(4)))
    assert settled == {retry_or_discard.Settled.DONE: 1, retry_or_discard.Settled.LEFT_ALONE: 3}
