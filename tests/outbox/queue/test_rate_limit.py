"""How fast a number sends, and that nobody waits for somebody else's crowd."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import delete, insert, select, update

from app.channels import CHANNELS
from app.extensions import db
from app.extensions import settings as configured
from app.lib.message_status import MessageStatus
from app.models import Message, SenderRateLimit, Tenant, User
from app.outbox.queue import rate_limit
from app.outbox.queue.claim import claim
from app.outbox.queue.due import EACH, due
from app.tenancy import tenant_scope, unscoped
from tests.support import owner
from tests.support.browser import Browser
from tests.support.plans import sent
from tests.support.queries import rows_read
from tests.support.world import NOON, Business, say

SECOND = timedelta(seconds=1)
SHARED = "+12025550199"


def queue(business: Business, body: str) -> int:
    return say(business, body, status=MessageStatus.QUEUED, provider_sid=f"none-{body}")


def limit(business: Business, segments_a_second: float | None) -> None:
    """Give the business's own SMS number a pace; None: the usual one."""
    db.session.get_one(Tenant, business.id).sms_pace = segments_a_second
    db.session.commit()


def bodies(at: float = 0, most: int = 100) -> list[str]:
    """The texts that are claimed so many seconds after noon."""
    return [each.body for each in claim(NOON + at * SECOND, most)]


def written_by_staff(business: Business, id_: int) -> None:
    with tenant_scope(business.id):
        author = db.session.scalars(select(User.id).where(User.email == business.staff)).one()
        message = db.session.get_one(Message, id_)
        message.author_id = author
        db.session.commit()


def crowd(business: Business, count: int) -> None:
    """So many automatic messages that are due, to as many people."""
    with unscoped("tests"):
        like = db.session.get_one(Message, queue(business, "The first"))
        same = {"tenant_id": like.tenant_id, "customer_id": like.customer_id, "channel": "sms"}
        row = {"direction": "outbound", "status": "queued", "sender": like.sender, "body": "Hi"}
        rows = [
            same | row | {"recipient": f"+1646{n:07d}", "send_after": NOON - SECOND, "segments": 1}
            for n in range(count)
        ]
        db.session.execute(insert(Message), rows)
        db.session.commit()


@pytest.mark.parametrize(
    ("channel", "sender", "usual"),
    [
        ("sms", "+14155550100", 1),
        ("sms", "+4930901820", 1),
        ("sms", "+18885550100", 3),
        ("sms", "72345", 10),
        ("sms", "Bella", 10),
        ("whatsapp", "+14155550100", 80),
    ],
)
def test_a_number_has_its_usual_rate_limit(channel: str, sender: str, usual: float) -> None:
    assert CHANNELS[channel].segments_a_second(sender) == usual


def test_a_long_code_sends_one_segment_a_second(salon: Business, garage: Business) -> None:
    limit(salon, None)
    for body in ("one", "two", "three"):
        queue(salon, body)
    queue(garage, "theirs")
    assert sorted(bodies()) == ["one", "theirs"]
    assert bodies(0.5) == []
    assert bodies(1) == ["two"]
    assert bodies(60) == ["three"]


def test_a_long_text_takes_as_long_as_its_segments(salon: Business) -> None:
    limit(salon, None)
    queue(salon, "x" * 459)
    queue(salon, "then")
    assert bodies() == ["x" * 459]
    assert bodies(2.9) == []
    assert bodies(3) == ["then"]


def test_a_tenants_own_number_has_the_rate_limit_that_it_was_given(salon: Business) -> None:
    limit(salon, 4)
    for number in range(10):
        queue(salon, f"{number}")
    assert bodies() == ["0", "1", "2", "3"]
    assert bodies(1) == ["4", "5", "6", "7"]


def test_a_tenant_cannot_make_the_platforms_number_faster(salon: Business) -> None:
    with unscoped("tests"):
        tenant = db.session.get_one(Tenant, salon.id)
        tenant.sms_from, tenant.sms_pace = None, 1000
        rate_limit.introduce(tenant, "sms", "+12025550199", NOON)
        assert db.session.get_one(SenderRateLimit, ("sms", "+12025550199")).segments_a_second == 1


def test_what_staff_wrote_goes_before_what_is_automatic(salon: Business) -> None:
    limit(salon, 1)
    queue(salon, "reminder")
    written_by_staff(salon, queue(salon, "answer"))
    assert [bodies(), bodies(1)] == [["answer"], ["reminder"]]


def test_an_answer_of_staff_leaves_at_once_beside_anothers_ten_thousand(
    salon: Business, garage: Business
) -> None:
    crowd(garage, 10_000)
    written_by_staff(salon, queue(salon, "answer"))
    assert bodies(most=8)[0] == "answer"


def test_automatic_messages_take_turns_by_number(salon: Business, garage: Business) -> None:
    crowd(garage, 100)
    queue(salon, "reminder")
    assert "reminder" in bodies(most=2)


@pytest.fixture
def shared(salon: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform has a number for those who have none of their own."""
    ours = replace(configured(), twilio_from_number=SHARED)
    monkeypatch.setitem(current_app.extensions, "settings", ours)


def share(salon: Business, garage: Business) -> None:
    """Both write by the platform's number, at one segment a second."""
    with unscoped("tests"):
        for business in (salon, garage):
            db.session.get_one(Tenant, business.id).sms_from = None
            of = Message.tenant_id == business.id
            waits = update(Message).where(of, Message.status == MessageStatus.QUEUED)
            db.session.execute(waits.values(sender=SHARED))
        db.session.execute(delete(SenderRateLimit))
        db.session.add(
            SenderRateLimit(channel="sms", sender=SHARED, segments_a_second=1, free_at=NOON)
        )
        db.session.commit()


@pytest.mark.usefixtures("shared")
def test_those_who_share_a_number_take_turns_whatever_crowd_one_of_them_has(
    salon: Business, garage: Business
) -> None:
    crowd(garage, 100)
    for body in ("reminder", "another"):
        queue(salon, body)
    written_by_staff(garage, queue(garage, "their answer"))
    share(salon, garage)
    left = [bodies(second) for second in range(6)]
    assert left[0] == ["their answer"], "staff first"
    assert all(len(each) == 1 for each in left), "at the number's pace"
    assert [left.index([body]) for body in ("reminder", "another")] in ([1, 3], [2, 4])


def test_a_busy_tenant_is_passed_over(salon: Business, garage: Business) -> None:
    queue(salon, "ours"), queue(garage, "theirs")
    assert [each.body for each in claim(NOON, 10, busy=[garage.id])] == ["ours"]


def test_looking_at_ten_thousand_waiting_messages_reads_few_of_them(salon: Business) -> None:
    limit(salon, 1)
    crowd(salon, 10_000)
    owner.run("ANALYZE message")
    with unscoped("tests"):
        [claimed] = sent(lambda: due(NOON, 32))
        assert rows_read(claimed[0], "message", claimed[1]) < 100
        db.session.rollback()


def test_a_number_that_nobody_introduced_is_found_by_the_sweep(salon: Business) -> None:
    queue(salon, "lost")
    db.session.execute(delete(SenderRateLimit))
    db.session.commit()
    assert bodies() == []
    rate_limit.adopt(NOON)
    assert bodies() == ["lost"]


def test_what_waits_for_a_channel_that_was_removed_comes_up_and_keeps_no_number_from_it(
    salon: Business, garage: Business
) -> None:
    for body in ("pigeon", "sms"):
        queue(salon, body)
    with unscoped("tests"):
        db.session.execute(update(Message).where(Message.body == "pigeon").values(channel="pigeon"))
        db.session.execute(delete(SenderRateLimit))
        db.session.commit()
    rate_limit.adopt(NOON)
    assert sorted(bodies()) == ["pigeon", "sms"]


def test_an_admin_sets_the_rate_limit_and_nonsense_is_refused(
    salon: Business, admin: Browser
) -> None:
    form = {"name": salon.name, "timezone": salon.timezone, "country": "US", "undo_seconds": "5"}
    for given, kept in (("2.5", 2.5), ("0", 2.5), ("-1", 2.5), ("fast", 2.5), ("", None)):
        admin.post("/admin/business/", data=form | {"sms_from": salon.number, "sms_pace": given})
        db.session.rollback()
        assert db.session.get_one(Tenant, salon.id).sms_pace == kept


def test_people_of_another_business_do_not_change_ours(salon: Business, garage: Business) -> None:
    limit(salon, 1)
    queue(salon, "ours")
    limit(garage, 500)
    queue(garage, "theirs")
    rows = db.session.execute(
        select(SenderRateLimit.sender, SenderRateLimit.segments_a_second)
    ).all()
    assert dict(rows)[salon.number] == 1
    assert dict(rows)[garage.number] == 500


def test_a_tenant_with_many_numbers_has_no_more_than_its_share(
    salon: Business, garage: Business
) -> None:
    for number in range(20):
        with tenant_scope(garage.id):
            message = db.session.get_one(Message, queue(garage, f"theirs {number}"))
            if number % 2:
                message.channel, message.content_sid = "whatsapp", f"HX{number:032}"
                message.content_variables = {}
            db.session.commit()
    rate_limit.adopt(NOON)
    queue(salon, "ours")
    claimed = bodies(most=32)
    assert "ours" in claimed
    assert len(claimed) == EACH + 1


def test_a_number_that_has_sent_nothing_for_long_is_forgotten(
    salon: Business, garage: Business
) -> None:
    queue(salon, "one")
    assert bodies() == ["one"]
    queue(garage, "waits")
    rate_limit.adopt(NOON + timedelta(days=3))
    with unscoped("tests"):
        assert db.session.scalars(select(SenderRateLimit.sender)).all() == [garage.number]
