"""A Messaging Service tries RCS before SMS: what leaves by it is one message, and reports say by
which of the two it went."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.inbox.statistics import statistics
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import ContactPoint, MessageWords, OptOut, SenderPause, Tenant
from app.outbox.drain import drain
from app.outbox.queue.claim import LEASE
from app.outbox.settle.look_up import look_up
from app.outbox.settle.reconcile import reconcile
from app.search.indexing import index
from app.tenancy import tenant_scope
from tests.outbox.settle.test_delivery_report import report
from tests.outbox.settle.test_reconcile import queue
from tests.support import rcs
from tests.support.carrier import Carrier
from tests.support.rcs import SENDER, SERVICE, at_twilio, granted, has_rcs, message
from tests.support.world import Business

MINUTE = timedelta(minutes=1)
BY_RCS = {"From": f"rcs:{SENDER}", "To": "rcs:+12125550142"}


@pytest.fixture
def with_rcs(twilio: Carrier, salon: Business, garage: Business) -> Business:
    at_twilio(twilio, salon)
    granted(salon)
    has_rcs(twilio, salon.customer_number)
    return salon


def seen(business: Business) -> bool:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(ContactPoint.rcs_seen_at).where(
            ContactPoint.channel == "sms", ContactPoint.address == business.customer_number
        )
        return db.session.scalars(query).one() is not None


def counted(business: Business) -> dict[str, int]:
    with tenant_scope(business.id):
        return statistics(now().date()).by_channel


def test_a_service_sends_by_rcs_and_falls_back_to_the_number(
    twilio: Carrier, with_rcs: Business, garage: Business
) -> None:
    salon = with_rcs
    before = counted(salon)
    first, other = queue(salon), queue(garage)
    drain(now())
    [sent] = rcs.sent(twilio, f"rcs:{salon.customer_number}")
    assert (sent["from"], sent["messaging_service_sid"]) == (f"rcs:{SENDER}", SERVICE)
    [plain] = twilio.sent(garage.customer_number)
    assert (plain["from"], plain["messaging_service_sid"]) == (garage.number, None)
    index(now())
    report(salon, sent["sid"], "delivered", **BY_RCS)
    carried = message(salon, first)
    # The sender stays the number: by it the message is known to be the business's own.
    assert (carried.channel, carried.sender, carried.service_sid) == ("rcs", salon.number, SERVICE)
    assert seen(salon)
    assert message(garage, other).channel == "sms" and not seen(garage)
    with tenant_scope(salon.id):
        words = select(MessageWords.words).where(MessageWords.message_id == first)
        assert "crcs'" in str(db.session.scalars(words).one()), "it is found by that channel"
    after = counted(salon)
    assert (after["rcs"] - before["rcs"], after["sms"] - before["sms"]) == (1, 0)


def test_a_telephone_that_lost_rcs_gets_it_by_sms_under_the_same_sid(
    twilio: Carrier, with_rcs: Business
) -> None:
    salon = with_rcs
    id_, ours = queue(salon), "SM" + "7" * 32
    drain(now())
    [sent] = rcs.sent(twilio, f"rcs:{salon.customer_number}")
    report(salon, sent["sid"], "sent", **BY_RCS)
    assert message(salon, id_).channel == "rcs" and seen(salon)
    # Each try says that it was sent, in any order: the one by SMS came later.
    number = {"From": salon.number, "To": salon.customer_number}
    report(salon, sent["sid"], "sent", **number)
    report(salon, sent["sid"], "sent", **BY_RCS)
    assert message(salon, id_).channel == "sms"
    report(salon, sent["sid"], "delivered", **number)
    assert message(salon, id_).channel == "sms" and not seen(salon)
    report(salon, sent["sid"], "sent", **BY_RCS)
    assert message(salon, id_).channel == "sms", "a late report changes nothing"
    assert report(salon, ours, "delivered", **BY_RCS) == 204


@pytest.mark.parametrize("reaches", [True, False])
def test_an_unknown_outcome_is_looked_for_under_both_forms_of_the_number(
    twilio: Carrier, with_rcs: Business, reaches: bool
) -> None:
    salon = with_rcs
    has_rcs(twilio, salon.customer_number, reaches)
    id_ = queue(salon)
    twilio.faults(reset_after=1)
    drain(now())
    twilio.faults()
    # Whatever becomes of the service meanwhile: it is looked for where it went.
    with tenant_scope(salon.id):
        gone = {"rcs_sender": None, "messaging_service_sid": None}
        db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(**gone))
        db.session.commit()
    reconcile(now() + LEASE + MINUTE)
    drain(now() + timedelta(hours=1))
    settled = message(salon, id_)
    assert settled.status >= MessageStatus.ACCEPTED and settled.provider_sid
    assert len(rcs.on_the_telephone(twilio, salon.customer_number)) == 1
    look_up(now() + timedelta(hours=1))
    assert message(salon, id_).channel == ("rcs" if reaches else "sms")


def test_whoever_blocked_the_sender_is_written_to_by_sms_no_more(with_rcs: Business) -> None:
    salon = with_rcs
    id_ = queue(salon)
    drain(now())
    report(salon, message(salon, id_).provider_sid or "", "failed", ErrorCode="63033", **BY_RCS)
    with tenant_scope(salon.id):
        [stop] = db.session.scalars(select(OptOut))
        assert (stop.channel, stop.address) == ("sms", salon.customer_number)
    second = queue(salon, "Are you there?")
    drain(now())
    assert message(salon, second).status is MessageStatus.FAILED


def test_a_service_without_its_rcs_sender_pauses_and_says_what_to_do(
    twilio: Carrier, with_rcs: Business
) -> None:
    salon = with_rcs
    at_twilio(twilio, salon, sender="")
    id_ = queue(salon)
    drain(now())
    assert message(salon, id_).status is MessageStatus.QUEUED
    with tenant_scope(salon.id):
        assert "no RCS sender any more" in db.session.scalars(select(SenderPause.reason)).one()
