"""Outside WhatsApp's session window: templates, the fall-back to SMS, or a plain no."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.inbox.statistics import statistics
from app.lib.memo import memo_scope
from app.lib.message_status import MessageStatus
from app.lib.time.clock import local_day, now
from app.models import (
    ContactPoint,
    Conversation,
    Customer,
    Media,
    Message,
    OptOut,
    Tenant,
    WhatsappTemplate,
)
from app.outbox.after_send import try_again
from app.outbox.compose.approved_template import fill
from app.outbox.compose.attachments import Upload
from app.outbox.compose.closed_window import settle_closed
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.session_window import LIMITED, ask_ahead, is_open
from app.outbox.refused import Refused
from app.outbox.settle.reconcile import reconcile
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.queries import statements
from tests.support.world import CONTENT, NOON, Business, hear

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
FILLING = {"1": "Ann", "2": "at ten"}
TEXT = "Hi Ann, see you at ten."


def write(
    business: Business,
    body: str = "Your car is ready",
    at: datetime = NOON,
    uploads: tuple[Upload, ...] = (),
) -> int:
    """Staff choose WhatsApp for a free text; the message's id."""
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, "whatsapp", body, at, uploads=uploads).id


def template(business: Business) -> WhatsappTemplate:
    with tenant_scope(business.id):
        return db.session.scalars(select(WhatsappTemplate)).one()


def write_template(
    business: Business, values: Mapping[str, str] = FILLING, at: datetime = NOON
) -> int:
    id_ = template(business).id
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, "whatsapp", "", at, template=fill(id_, values)).id


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


def falls_back(business: Business, yes: bool = True) -> None:
    db.session.get_one(Tenant, business.id).whatsapp_falls_back = yes
    db.session.commit()


@pytest.fixture
def window(salon: Business) -> datetime:
    """The salon's customer wrote by WhatsApp a day ago but for a minute; until when that lets
    the salon answer."""
    hear(salon, "By WhatsApp", channel="whatsapp", at=NOON - DAY + MINUTE)
    return NOON + MINUTE


def test_a_template_is_rendered_kept_and_sent_as_such(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    twilio.knows(CONTENT, "Hi {{1}}, see you {{2}}.")
    id_ = write_template(salon, {"1": " Ann\n", "2": "at  ten", "3": "nobody asked"})
    waiting = message(salon, id_)
    assert (waiting.body, waiting.content_sid) == (TEXT, CONTENT)
    assert waiting.content_variables == FILLING
    assert drain(NOON) == 1
    [sent] = twilio.sent(f"whatsapp:{salon.customer_number}")
    assert (sent["body"], sent["content_sid"]) == (TEXT, CONTENT)
    assert message(salon, id_).provider_sid == sent["sid"]
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation)).one().preview == TEXT
    with tenant_scope(garage.id):
        assert db.session.scalars(select(Conversation)).one().preview == "Hello from garage"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"1": "Ann"}, r"Fill in \{\{2\}\}"),
        ({"1": " \n", "2": "x"}, r"Fill in \{\{1\}\}"),
        ({"1": "Ann", "2": "x" * 1100}, "1,024"),
    ],
)
def test_a_template_that_whatsapp_would_not_take_is_refused(
    salon: Business, values: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        write_template(salon, values)


def test_a_strangers_template_is_no_template(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"customer_id": salon.customer_id, "channel": "whatsapp"}
    for id_ in (template(garage).id, 2**40, "x", "-1"):
        answer = staff.post("/messages/send", json=form | {"template_id": id_})
        assert (answer.status_code, answer.json) == (
            422,
            {"error": "This template is gone. Choose another."},
        )


def test_a_form_and_a_program_send_a_template(salon: Business, staff: Browser) -> None:
    named = {
        "customer_id": salon.customer_id,
        "channel": "whatsapp",
        "template_id": template(salon).id,
    }
    answer = staff.post("/messages/send", json=named | {"variables": FILLING})
    assert answer.json and (answer.json["body"], answer.json["content_sid"]) == (TEXT, CONTENT)
    form = named | {"variable_1": "Bo", "variable_2": "soon", "body": "a draft"}
    assert staff.post("/messages/send", data=form).status_code == 302
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert TEXT in page and "Hi Bo, see you soon." in page and "a draft" not in page


def test_templates_are_for_whatsapp_and_go_without_files(salon: Business, staff: Browser) -> None:
    id_ = template(salon).id
    form = {"customer_id": salon.customer_id, "template_id": id_, "variables": FILLING}
    answer = staff.post("/messages/send", json=form | {"channel": "sms"})
    assert answer.json == {"error": "SMS needs no template. Write the text yourself."}
    with tenant_scope(salon.id), pytest.raises(Refused, match="without files"):
        customer = db.session.get_one(Customer, salon.customer_id)
        files = [Upload("a.png", PNG)]
        compose(customer, "whatsapp", "", NOON, uploads=files, template=fill(id_, FILLING))


def test_a_failed_template_is_tried_again_as_a_template(twilio: Carrier, salon: Business) -> None:
    id_ = write_template(salon)
    drain(NOON)
    failed = message(salon, id_)
    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, 21655)
    assert "Content SID" in (failed.error or "")
    twilio.knows(CONTENT, "Hi {{1}}, see you {{2}}.")
    with tenant_scope(salon.id):
        again = try_again(failed, NOON, None)
    assert (again.content_sid, again.content_variables, again.body) == (CONTENT, FILLING, TEXT)
    drain(NOON + MINUTE)
    assert len(twilio.sent(f"whatsapp:{salon.customer_number}")) == 1


@pytest.mark.parametrize(
    ("approved", "state"),
    [
        ("Hi {{1}}, see you {{2}}.", MessageStatus.ACCEPTED),
        # Somebody copied the text into our panel, and not exactly.
        ("Hi {{1}}! See you {{2}}.", MessageStatus.UNKNOWN),
    ],
)
def test_a_template_of_unclear_outcome_is_looked_for_and_never_sent_twice(
    twilio: Carrier, salon: Business, approved: str, state: MessageStatus
) -> None:
    twilio.knows(CONTENT, approved)
    id_ = write_template(salon, at=now())
    twilio.faults(rate_500_after=1, drop_callbacks=1)
    drain(now())
    twilio.faults()
    reconcile(now() + MINUTE)
    settled = message(salon, id_).status
    assert settled is state if state is MessageStatus.UNKNOWN else settled >= state
    reconcile(now() + DAY)
    drain(now() + DAY)
    assert len(twilio.sent(f"whatsapp:{salon.customer_number}")) == 1


def test_a_text_falls_back_to_sms_where_the_business_wants_that(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    falls_back(garage)
    with pytest.raises(Refused, match="24 hours"):
        write(salon)
    db.session.rollback()
    falls_back(salon)
    id_ = write(salon)
    sent = message(salon, id_)
    assert (sent.channel, sent.fell_back_from) == ("sms", "whatsapp")
    drain(NOON)
    assert len(twilio.sent(salon.customer_number)) == 1
    assert "Instead of WhatsApp" in staff.get(f"/messages/{salon.customer_id}").text


def test_within_the_window_nothing_falls_back(salon: Business, window: datetime) -> None:
    falls_back(salon)
    sent = message(salon, write(salon))
    assert (sent.channel, sent.fell_back_from) == ("whatsapp", None)


def no_sms_number(salon: Business) -> None:
    db.session.get_one(Tenant, salon.id).sms_from = None


def no_number_of_theirs(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.execute(
            update(ContactPoint)
            .where(ContactPoint.channel == "sms")
            .values(channel="whatsapp", address="US.1234567890123456")
        )


def stop(salon: Business, channel: str) -> OptOut:
    return OptOut(tenant_id=salon.id, channel=channel, address=salon.customer_number, since=NOON)


def stopped_sms(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.add(stop(salon, "sms"))
        db.session.flush()


@pytest.mark.parametrize(
    ("obstacle", "reason"),
    [
        (no_sms_number, "No SMS number is connected"),
        (no_number_of_theirs, "cannot be reached by SMS"),
        (stopped_sms, "replied STOP"),
    ],
)
def test_a_text_that_cannot_fall_back_is_refused_with_the_reason(
    salon: Business, obstacle, reason: str
) -> None:
    falls_back(salon)
    obstacle(salon)
    db.session.commit()
    with pytest.raises(Refused, match=f"24 hours are over, .* {reason}"):
        write(salon)


def test_who_stopped_whatsapp_is_not_written_to_by_sms_instead(salon: Business) -> None:
    falls_back(salon)
    with tenant_scope(salon.id):
        db.session.add(stop(salon, "whatsapp"))
        db.session.commit()
    with pytest.raises(Refused, match="replied STOP"):
        write(salon)


def test_a_text_whose_window_closed_while_it_waited_goes_by_sms(
    twilio: Carrier, salon: Business, garage: Business, window: datetime
) -> None:
    falls_back(salon)
    id_ = write(salon, "It’s ready")
    drain(window)
    drain(window + MINUTE)
    sent = message(salon, id_)
    assert (sent.channel, sent.fell_back_from, sent.body) == ("sms", "whatsapp", "It's ready")
    assert len(twilio.sent(salon.customer_number)) == 1
    assert twilio.sent(f"whatsapp:{salon.customer_number}") == []
    with tenant_scope(salon.id):
        counts = statistics(local_day(NOON, salon.timezone))
        assert db.session.scalars(select(Conversation)).one().last_channel == "sms"
    assert (counts.by_channel["whatsapp"], counts.by_channel["sms"]) == (1, 2)
    assert counts.today == 2


def test_a_text_whose_window_closed_while_it_waited_fails_with_the_reason(
    twilio: Carrier, salon: Business, garage: Business, window: datetime
) -> None:
    falls_back(garage)
    id_ = write(salon)
    drain(window)
    failed = message(salon, id_)
    assert failed.status is MessageStatus.FAILED
    assert "not sent in time" in (failed.error or "") and "24 hours" in (failed.error or "")
    assert twilio.sent(f"whatsapp:{salon.customer_number}") == []
    assert twilio.sent(salon.customer_number) == []


def test_a_file_that_sms_does_not_take_keeps_a_text_from_falling_back(
    twilio: Carrier, salon: Business, window: datetime
) -> None:
    falls_back(salon)
    id_ = write(salon, uploads=(Upload("bill.pdf", b"%PDF-1.7"),))
    drain(window)
    failed = message(salon, id_)
    assert failed.status is MessageStatus.FAILED
    assert "cannot go by SMS instead" in (failed.error or "")
    picture = write(salon, "Look", uploads=(Upload("a.png", PNG),))
    drain(window)
    assert message(salon, picture).channel == "sms"
    with tenant_scope(salon.id):
        assert db.session.scalar(select(Media.id).where(Media.message_id == picture))


@pytest.mark.parametrize("state", ["sending", "checking", "cancelled", "accepted"])
def test_what_is_under_way_or_taken_back_is_left_alone(
    salon: Business, window: datetime, state: str
) -> None:
    falls_back(salon)
    id_ = write(salon)
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == id_)
            .values(status=state)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    assert settle_closed(window) == 0
    assert message(salon, id_).channel == "whatsapp"


def test_what_is_proven_absent_after_the_window_closed_goes_by_sms_once(
    twilio: Carrier, salon: Business
) -> None:
    falls_back(salon)
    hear(salon, "By WhatsApp", channel="whatsapp", at=now() - DAY + MINUTE)
    id_ = write(salon, at=now())
    twilio.faults(rate_500_before=1)
    drain(now())
    drain(now() + 2 * MINUTE)
    assert message(salon, id_).status is MessageStatus.CHECKING
    twilio.faults()
    reconcile(now() + 5 * MINUTE)
    for _ in range(2):
        drain(now() + 20 * MINUTE)
    assert len(twilio.sent(salon.customer_number)) == 1
    assert twilio.sent(f"whatsapp:{salon.customer_number}") == []


def test_several_workers_settle_each_text_once(
    app: Flask, twilio: Carrier, salon: Business, window: datetime
) -> None:
    falls_back(salon)
    for number in range(6):
        write(salon, f"Text {number}")
    start = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            start.wait()
            drain(window)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(window)
    sent = sorted(each["body"] for each in twilio.sent(salon.customer_number))
    assert sent == [f"Text {number}" for number in range(6)]
    with tenant_scope(salon.id):
        counts = statistics(local_day(NOON, salon.timezone)).by_channel
    assert (counts["whatsapp"], counts["sms"]) == (1, 7)


def test_templates_and_what_is_not_due_are_left_alone(salon: Business, window: datetime) -> None:
    template_id = write_template(salon)
    later = write(salon, at=NOON)
    assert settle_closed(NOON) == 0
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == later)
            .values(send_after=window + MINUTE)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    assert settle_closed(window) == 0
    assert settle_closed(window + MINUTE) == 1
    assert message(salon, template_id).status is MessageStatus.QUEUED


def test_what_twilio_finds_too_late_fails_with_advice(
    twilio: Carrier, salon: Business, window: datetime
) -> None:
    """Its clock is the one that counts: the simulator never heard from this customer."""
    from tests.outbox.settle.test_delivery_report import report

    falls_back(salon)
    id_ = write(salon)
    drain(NOON)
    sid = message(salon, id_).provider_sid
    assert report(salon, str(sid), "undelivered", ErrorCode="63016") == 204
    failed = message(salon, id_)
    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, 63016)
    assert "template" in (failed.error or "") and "fall back to SMS" in (failed.error or "")
    drain(window)
    assert twilio.sent(salon.customer_number) == []


def test_of_many_who_are_asked_about_ahead_none_is_asked_about_alone(salon: Business) -> None:
    with tenant_scope(salon.id), memo_scope():
        customer = db.session.get_one(Customer, salon.customer_id)
        ask_ahead([customer])
        with statements() as made:
            assert not any(is_open(customer, channel, NOON) for channel in LIMITED)
    assert len(LIMITED) > 1
    assert not made
