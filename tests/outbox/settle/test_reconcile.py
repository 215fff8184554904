"""What got no clear answer is looked for, and sent again only if it is proven absent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app import tasks
from app.extensions import db, redis_client, vault
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Message, Tenant
from app.outbox.delivery.claimed import Claimed
from app.outbox.delivery.job import ANOTHER_ACCOUNT
from app.outbox.drain import drain
from app.outbox.queue.claim import LEASE, claim
from app.outbox.settle import reconcile as reconciliation
from app.outbox.settle import record
from app.outbox.settle.look_up import look_up
from app.outbox.settle.reconcile import GIVE_UP_AFTER, reconcile
from app.providers.contract import Accepted
from app.providers.twilio import TwilioProvider
from app.tenancy import tenant_scope, unscoped
from tests.support.carrier import OWN, Carrier
from tests.support.world import Business, say

MINUTE = timedelta(minutes=1)


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


def queue(business: Business, body: str = "Hello", at: datetime | None = None) -> int:
    id_ = say(business, body, status=MessageStatus.QUEUED, at=at or now())
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == id_)
            .values(provider_sid=None)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    return id_


@pytest.mark.parametrize("fault", ["rate_500_after", "reset_after", "garbage_answer"])
def test_what_was_accepted_all_the_same_is_found_and_not_sent_again(
    twilio: Carrier, salon: Business, garage: Business, fault: str
) -> None:
    id_ = queue(salon)
    twilio.faults(**{fault: 1})
    drain(now())
    assert message(salon, id_).status is MessageStatus.CHECKING
    assert "not sent twice" in (message(salon, id_).error or "")
    twilio.faults()
    assert reconcile(now() + MINUTE) == 1
    [sent] = twilio.sent(salon.customer_number)
    settled = message(salon, id_)
    assert settled.provider_sid == sent["sid"]
    assert settled.status >= MessageStatus.ACCEPTED
    assert settled.error is None
    drain(now() + timedelta(days=1))
    assert len(twilio.sent(salon.customer_number)) == 1


def test_what_never_arrived_is_sent_again_once_that_is_proven(
    twilio: Carrier, salon: Business
) -> None:
    id_ = queue(salon)
    twilio.faults(rate_500_before=1)
    drain(now())
    twilio.faults()
    # Absent so soon proves nothing: the request may still be at work.
    reconcile(now() + timedelta(seconds=20))
    assert message(salon, id_).status is MessageStatus.CHECKING
    reconcile(now() + LEASE + MINUTE)
    assert message(salon, id_).status is MessageStatus.QUEUED
    drain(now() + timedelta(hours=1))
    assert len(twilio.sent(salon.customer_number)) == 1


def test_a_list_that_lags_does_not_make_a_second_message(twilio: Carrier, salon: Business) -> None:
    id_ = queue(salon)
    twilio.faults(reset_after=1, list_lag_seconds=1)
    drain(now())
    reconcile(now() + timedelta(seconds=20))
    drain(now() + timedelta(seconds=30))
    assert message(salon, id_).status is MessageStatus.CHECKING
    twilio.faults()
    twilio.wait_until_listed(salon.customer_number)
    reconcile(now() + 2 * MINUTE)
    assert len(twilio.sent(salon.customer_number)) == 1
    assert message(salon, id_).provider_sid


def test_a_sender_that_died_before_the_call_is_made_good(twilio: Carrier, salon: Business) -> None:
    id_ = queue(salon)
    assert [each.id for each in claim(now(), 10)] == [id_]
    reconcile(now())
    assert message(salon, id_).status is MessageStatus.SENDING
    reconcile(now() + LEASE + MINUTE)
    assert message(salon, id_).status is MessageStatus.QUEUED
    drain(now() + timedelta(hours=1))
    assert len(twilio.sent(salon.customer_number)) == 1


def test_a_sender_that_died_after_the_call_is_made_good(twilio: Carrier, salon: Business) -> None:
    id_ = queue(salon)
    drain(now())
    [sent] = twilio.sent(salon.customer_number)
    # As if it had died before it could write the answer down.
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == id_)
            .values(status="sending", provider_sid=None, lease_until=now() - MINUTE)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    reconcile(now() + MINUTE)
    assert message(salon, id_).provider_sid == sent["sid"]
    drain(now() + timedelta(hours=1))
    assert len(twilio.sent(salon.customer_number)) == 1


def test_twins_go_out_one_after_the_other(twilio: Carrier, salon: Business) -> None:
    first, second = queue(salon, "Same"), queue(salon, "Same")
    other = queue(salon, "Other")
    assert [each.id for each in claim(now(), 10)] == [first, other]
    assert claim(now(), 10) == []
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == first)
            .values(status="accepted", provider_sid="SM1")
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    assert [each.id for each in claim(now(), 10)] == [second]


def test_an_earlier_message_of_the_same_words_is_not_taken_for_it(
    twilio: Carrier, salon: Business
) -> None:
    first = queue(salon, "Same")
    drain(now())
    second = queue(salon, "Same")
    twilio.faults(rate_500_before=1)
    drain(now())
    twilio.faults()
    reconcile(now() + LEASE + MINUTE)
    assert message(salon, second).status is MessageStatus.QUEUED
    assert message(salon, first).provider_sid
    drain(now() + timedelta(hours=1))
    assert len(twilio.sent(salon.customer_number)) == 2


def test_two_that_cannot_be_told_apart_stay_unknown(twilio: Carrier, salon: Business) -> None:
    id_ = queue(salon)
    twilio.faults(rate_500_after=1)
    drain(now())
    # Somebody else sent the same words from the same account.
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == id_)
            .values(status="queued", send_after=now())
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    drain(now())
    twilio.faults()
    reconcile(now() + MINUTE)
    stored = message(salon, id_)
    assert stored.status is MessageStatus.UNKNOWN
    assert "could not find out" in (stored.error or "")


def test_a_list_that_cannot_be_had_is_asked_for_again_but_not_for_ever(
    twilio: Carrier, salon: Business
) -> None:
    id_ = queue(salon)
    twilio.faults(rate_500_after=1)
    drain(now())
    twilio.faults(rate_500_before=1)
    reconcile(now() + MINUTE)
    assert message(salon, id_).status is MessageStatus.CHECKING
    reconcile(now() + GIVE_UP_AFTER + MINUTE)
    assert message(salon, id_).status is MessageStatus.UNKNOWN


def test_a_crowd_in_doubt_leaves_other_slow_work_its_turn(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [queue(salon, body) for body in ("One", "Two", "Three")]
    claim(now(), 10)
    monkeypatch.setattr(reconciliation, "BATCH", 2)
    monkeypatch.setattr(tasks, "SLOW_TIME_SLICE", timedelta(0))
    assert [reconcile(now() + LEASE + MINUTE) for _ in range(3)] == [2, 1, 0]
    assert redis_client().llen(f"rq:queue:{tasks.WorkerQueue.SLOW}") == 1
    assert {message(salon, id_).status for id_ in ids} == {MessageStatus.QUEUED}


def connect(business: Business, sid: str | None, twilio: Carrier) -> None:
    """The admin enters the business's own account, or none: then it is the platform's."""
    tenant = db.session.get_one(Tenant, business.id)
    tenant.twilio_account_sid = sid
    tenant.twilio_auth_token_sealed = vault().seal(twilio.token) if sid else None
    db.session.commit()


def test_another_accounts_list_proves_nothing(twilio: Carrier, salon: Business) -> None:
    connect(salon, OWN[0], twilio)
    cut_off, accepted = queue(salon, "Its sender died"), queue(salon, "Accepted")
    twilio.faults(rate_500_after=1)
    assert [each.account_sid for each in claim(now(), 1)] == [OWN[0]]
    drain(now())
    twilio.faults()
    connect(salon, OWN[1], twilio)
    for moment in (now() + LEASE + MINUTE, now() + GIVE_UP_AFTER - MINUTE):
        reconcile(moment)
        assert message(salon, accepted).status is MessageStatus.CHECKING
    reconcile(now() + GIVE_UP_AFTER + LEASE)
    for id_ in (cut_off, accepted):
        stored = message(salon, id_)
        assert (stored.status, stored.error) == (MessageStatus.UNKNOWN, ANOTHER_ACCOUNT.reason)
    drain(now() + timedelta(days=1))
    assert len(twilio.sent(salon.customer_number)) == 1


@pytest.mark.parametrize(
    ("then", "later"), [(None, OWN[0]), (OWN[0], OWN[0])], ids=["the platform's", "its own"]
)
def test_the_account_that_a_message_left_by_is_asked_as_long_as_it_is_known(
    twilio: Carrier, salon: Business, then: str | None, later: str
) -> None:
    connect(salon, then, twilio)
    id_ = queue(salon)
    twilio.faults(rate_500_after=1, drop_callbacks=1)
    drain(now())
    twilio.faults()
    connect(salon, later, twilio)
    reconcile(now() + MINUTE)
    assert message(salon, id_).provider_sid


def test_another_account_is_not_asked_about_a_sid_of_the_first(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(salon, OWN[0], twilio)
    id_ = queue(salon)
    twilio.faults(drop_callbacks=1)
    drain(now())
    connect(salon, OWN[1], twilio)
    monkeypatch.setattr(TwilioProvider, "look_up", lambda *_: pytest.fail("it was asked"))
    assert look_up(now() + timedelta(hours=1)) == 1
    assert message(salon, id_).status is MessageStatus.ACCEPTED


def test_only_whoever_holds_the_claim_may_record(salon: Business) -> None:
    id_ = queue(salon)
    [held] = claim(now(), 1)
    late = Claimed.of(held)
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.id == id_)
            .values(status="checking", claim=None)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    record.accepted([(late, Accepted("SM" + "1" * 32, MessageStatus.ACCEPTED))])
    assert message(salon, id_).status is MessageStatus.CHECKING


def test_a_callback_settles_it_before_the_list_does(twilio: Carrier, salon: Business) -> None:
    from tests.outbox.settle.test_delivery_report import report

    id_ = queue(salon)
    twilio.faults(rate_500_after=1, drop_callbacks=1)
    drain(now())
    mid = message(salon, id_).public_id
    assert report(salon, "SM" + "5" * 32, "delivered", mid=str(mid)) == 204
    twilio.faults()
    assert reconcile(now() + MINUTE) == 0
    settled = message(salon, id_)
    assert (settled.status, settled.error) == (MessageStatus.DELIVERED, None)
