"""Delivery states come in any order, twice, and for messages that are not ours."""

from itertools import permutations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message
from app.tenancy import tenant_scope
from tests.support import twilio
from tests.support.world import Business, say, sid


def report(business: Business, provider_sid: str, status: str, mid: str = "", **more: str) -> int:
    form = {"MessageSid": provider_sid, "MessageStatus": status, "To": "+12125550142"} | more
    query = f"?mid={mid}" if mid else ""
    return twilio.post(f"/api/twilio/{business.slug}/message-status{query}", form).status_code


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_the_highest_state_stays_whatever_the_order(
    salon: Business, order: tuple[str, ...]
) -> None:
    ours = sid()
    id_ = say(salon, "Hello", provider_sid=ours)
    for status in (*order, *order):
        assert report(salon, ours, status) == 204
    assert message(salon, id_).status is MessageStatus.READ


def test_our_own_id_finds_a_message_whose_sid_is_not_known_yet(salon: Business) -> None:
    id_ = say(salon, "Hello", status=MessageStatus.SENDING, provider_sid="none")
    mid = message(salon, id_).public_id
    with tenant_scope(salon.id):
        message(salon, id_).provider_sid = None
        db.session.commit()
    assert report(salon, "SM" + "3" * 32, "delivered", mid=str(mid)) == 204
    stored = message(salon, id_)
    assert stored.status is MessageStatus.DELIVERED
    assert stored.provider_sid == "SM" + "3" * 32


def test_a_failure_says_why_and_keeps_the_code(salon: Business) -> None:
    ours = sid()
    id_ = say(salon, "Hello", provider_sid=ours)
    report(salon, ours, "undelivered", ErrorCode="30006")
    stored = message(salon, id_)
    assert (stored.status, stored.error_code) == (MessageStatus.FAILED, 30006)
    assert "landline" in (stored.error or "")


@pytest.mark.parametrize("code", ["", "99999", "abc", "1" * 30])
def test_an_unknown_code_is_a_plain_failure(salon: Business, code: str) -> None:
    ours = sid()
    id_ = say(salon, "Hello", provider_sid=ours)
    assert report(salon, ours, "failed", ErrorCode=code) == 204
    assert "could not deliver" in (message(salon, id_).error or "")


def test_a_delivery_proves_a_doubt_wrong(salon: Business) -> None:
    ours = sid()
    id_ = say(salon, "Hello", status=MessageStatus.UNKNOWN, provider_sid=ours)
    with tenant_scope(salon.id):
        message(salon, id_).error = "We could not confirm"
        db.session.commit()
    report(salon, ours, "delivered")
    stored = message(salon, id_)
    assert (stored.status, stored.error) == (MessageStatus.DELIVERED, None)


def test_a_message_we_never_sent_changes_nothing(salon: Business) -> None:
    assert report(salon, sid(), "delivered") == 204
    assert report(salon, sid(), "delivered", mid="0" * 32) == 204


def test_a_report_that_contradicts_itself_changes_nothing(salon: Business) -> None:
    theirs = sid()
    say(salon, "Another", provider_sid=theirs)
    id_ = say(salon, "Hello", status=MessageStatus.UNKNOWN, provider_sid="none")
    with tenant_scope(salon.id):
        message(salon, id_).provider_sid = None
        db.session.commit()
    mid = message(salon, id_).public_id
    assert report(salon, theirs, "delivered", mid=str(mid)) == 204
    assert message(salon, id_).status is MessageStatus.UNKNOWN


def test_another_tenants_message_cannot_be_moved(salon: Business, garage: Business) -> None:
    theirs = sid()
    id_ = say(garage, "Hello", provider_sid=theirs)
    mid = message(garage, id_).public_id
    assert report(salon, theirs, "delivered") == 204
    assert report(salon, theirs, "delivered", mid=str(mid)) == 204
    assert message(garage, id_).status is MessageStatus.ACCEPTED


def test_a_state_that_nobody_knows_changes_nothing(salon: Business) -> None:
    ours = sid()
    id_ = say(salon, "Hello", provider_sid=ours)
    assert report(salon, ours, "partially_delivered") == 204
    assert message(salon, id_).status is MessageStatus.ACCEPTED
