"""Whoever wanted no messages is erased and forgotten but for that: it holds again as soon as the
address is known again, by whatever way, and nothing leaves before."""

from datetime import timedelta

from sqlalchemy import select

from app.customers.add import newcomer
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import ConsentEvent, Customer, KeptOptOut, Message, OptOut, UnaskedAddress
from app.outbox.compose.ledger import enter
from app.outbox.drain import drain
from app.outbox.queue.opt_out import opted_out, refusal
from app.privacy import kept_opt_outs, transitions
from app.privacy.erase import erase_due
from app.tenancy import tenant_scope
from tests.support.carrier import Carrier
from tests.support.planted import found
from tests.support.world import NOON, Business, hear

NEWER = NOON + timedelta(days=30)


def stopped_and_erased(business: Business) -> None:
    hear(business, "STOP")
    with tenant_scope(business.id):
        transitions.ask(business.customer_id, "Ada", NOON)
        db.session.commit()
    erase_due(NOON)
    assert found(business.id, business.customer_number[2:]) == {}


def known_again(business: Business) -> int:
    with tenant_scope(business.id):
        customer = newcomer(business.customer_number, "Ann")
        db.session.add(customer)
        db.session.commit()
        return customer.id


def write_to(business: Business, customer_id: int, body: str) -> None:
    with tenant_scope(business.id):
        message = Message(
            customer_id=customer_id,
            channel="sms",
            direction="outbound",
            status=MessageStatus.QUEUED,
            body=body,
            sender=business.number,
            recipient=business.customer_number,
            created_at=NOON,
            send_after=NOON,
        )
        enter(message)
        db.session.commit()


def stands(business: Business) -> bool:
    with tenant_scope(business.id):
        return opted_out("sms", business.customer_number)


def test_an_opt_out_outlasts_an_erasure_and_holds_again_before_anything_leaves(
    salon: Business, garage: Business, twilio: Carrier
) -> None:
    stopped_and_erased(salon)
    assert not stands(salon), "nobody is known by that address"
    write_to(salon, known_again(salon), "Your reminder")
    drain(NEWER)
    assert twilio.sent(salon.customer_number) == [], "nobody has looked yet"
    kept_opt_outs.ask(NEWER)
    drain(NEWER)
    assert twilio.sent(salon.customer_number) == [] and stands(salon)
    with tenant_scope(salon.id):
        assert "replied STOP" in refusal("sms", salon.customer_number)
        event = db.session.scalars(select(ConsentEvent)).one()
        assert (event.said, event.source, event.at) == ("stop", "keyword", NOON)
        [last] = db.session.scalars(select(Message))
        assert last.status == MessageStatus.FAILED
        for kind in (KeptOptOut, UnaskedAddress):
            assert db.session.scalars(select(kind)).all() == []
    assert not stands(garage)


def test_who_writes_again_is_not_written_to_unless_by_their_own_start(
    salon: Business, garage: Business
) -> None:
    stopped_and_erased(salon)
    hear(salon, "Are you open today?", at=NEWER)
    kept_opt_outs.ask(NEWER)
    assert stands(salon)
    hear(salon, "START", at=NEWER)
    assert not stands(salon)


def test_a_start_that_came_before_anybody_looked_counts(salon: Business) -> None:
    stopped_and_erased(salon)
    hear(salon, "START", at=NEWER)
    kept_opt_outs.ask(NEWER)
    assert not stands(salon)
    with tenant_scope(salon.id):
        said = db.session.scalars(select(ConsentEvent.said).order_by(ConsentEvent.id)).all()
        assert said == ["stop", "start"]


def test_an_address_that_is_new_is_written_to_as_ever(
    salon: Business, garage: Business, twilio: Carrier
) -> None:
    stopped_and_erased(salon)
    hear(salon, "Hello", number="+12125550987", at=NEWER)
    hear(garage, "Hello", number="+12125550986", at=NEWER)
    with tenant_scope(garage.id):
        assert db.session.scalars(select(UnaskedAddress)).all() == [], "nothing is kept there"
    kept_opt_outs.ask(NEWER)
    with tenant_scope(salon.id):
        assert db.session.scalars(select(UnaskedAddress)).all() == []
        assert db.session.scalars(select(OptOut)).all() == []
        assert len(db.session.scalars(select(KeptOptOut)).all()) == 1
        assert len(db.session.scalars(select(Customer)).all()) == 1


def test_a_hash_says_nothing_of_an_address_at_another_business(salon: Business) -> None:
    stopped_and_erased(salon)
    with tenant_scope(salon.id):
        ours = db.session.scalars(select(KeptOptOut.digest)).one()
        assert kept_opt_outs._digest(salon.customer_number) == ours
    with tenant_scope(salon.id + 1000):
        assert kept_opt_outs._digest(salon.customer_number) != ours
