"""Sending by Messenger and Instagram, to a Meta that behaves and one that does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db
from app.inbound.social import utility_templates
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import (
    ChannelAccount,
    ChannelThread,
    ContactPoint,
    Customer,
    Message,
    SenderPause,
    Tenant,
)
from app.outbox.compose.approved_template import fill
from app.outbox.compose.attachments import Upload
from app.outbox.compose.automatic_message import composed
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route
from app.outbox.compose.ledger import enter
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.claim import LEASE, claim
from app.outbox.refused import Refused
from app.outbox.settle.reconcile import reconcile
from app.providers.meta.graph import Graph
from app.providers.meta.pieces import split
from app.tenancy import tenant_scope
from tests.support import meta
from tests.support.carrier import Carrier
from tests.support.meta import FOLLOWER, INSTAGRAM, PAGE, PERSON, put, says, sent
from tests.support.world import Business

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@pytest.fixture
def at_meta(twilio: Carrier, salon: Business) -> Iterator[Carrier]:
    """The salon's page and Instagram account, each with somebody who has just written to it."""
    meta.connect(salon)
    page = {"token": f"token-{PAGE}", "instagram_id": INSTAGRAM, "name": "Bella"}
    put(twilio, f"pages/{PAGE}", page)
    put(twilio, f"people/{PERSON}", {"kind": "messenger", "account": PAGE})
    put(twilio, f"people/{FOLLOWER}", {"kind": "instagram", "account": INSTAGRAM})
    for name, person in (("fb_text", PERSON), ("ig_text", FOLLOWER)):
        says(twilio, person, "Hi")
        meta.event(name, timestamp=int(now().timestamp() * 1000) - 5_000)
    yield twilio


def write(business: Business, channel: str, body: str, at: datetime, **more: Any) -> int:
    """Somebody of the team answers, and it is due at once; the message's id."""
    with tenant_scope(business.id):
        db.session.get_one(Tenant, business.id).undo_seconds = 0
        db.session.commit()
        point = select(ContactPoint.customer_id).where(ContactPoint.channel == channel)
        customer = db.session.get_one(Customer, db.session.scalars(point).one())
        message = compose(customer, channel, body, at, **more)
        db.session.execute(update(Message).where(Message.id == message.id).values(send_after=at))
        db.session.commit()
        id_ = message.id
    db.session.remove()
    return id_


def stored(business: Business, id_: int) -> Message:
    db.session.rollback()
    db.session.remove()
    with tenant_scope(business.id):
        return db.session.get_one(Message, id_)


def echo(message: dict[str, Any]) -> None:
    told = {"mid": message["mid"], "text": message["text"], "metadata": message["metadata"]}
    meta.event("fb_echo_own", **told)


def test_an_answer_leaves_once_and_its_echo_and_receipts_are_the_same_message(
    at_meta: Carrier, salon: Business
) -> None:
    with tenant_scope(salon.id):
        heard = select(Message.id).where(Message.provider_sid == "m_text1")
        theirs = db.session.scalars(heard).one()
    id_ = write(salon, "messenger", "At 3, Ann.", now(), answers=theirs)
    assert (drain(now()), drain(now())) == (1, 0)
    [told] = sent(at_meta, PERSON)
    assert (told["text"], told["terms"]) == ("At 3, Ann.", "RESPONSE")
    assert told["answers"] == "m_text1"
    echo(told)
    later = int((now() + MINUTE).timestamp() * 1000)
    meta.event("fb_read", watermark=later)
    message = stored(salon, id_)
    assert (message.provider_sid, message.status) == (told["mid"], MessageStatus.READ)
    with tenant_scope(salon.id):
        ours = select(Message.id).where(Message.channel == "messenger")
        assert db.session.scalars(ours.where(Message.direction == "outbound")).all() == [id_]


def test_without_an_answer_it_is_looked_for_and_never_sent_twice(
    at_meta: Carrier, salon: Business
) -> None:
    at_meta.faults(rate_500_after=1)
    heard, listed = (write(salon, "messenger", text, now()) for text in ("One", "Two"))
    drain(now())
    at_meta.faults()
    assert stored(salon, heard).status is MessageStatus.CHECKING
    # Of one the echo tells, of the other the thread's list.
    echo(next(each for each in sent(at_meta, PERSON) if each["text"] == "One"))
    assert stored(salon, heard).status is MessageStatus.SENT
    reconcile(now() + MINUTE)
    assert stored(salon, listed).status is MessageStatus.SENT
    drain(now() + 2 * MINUTE)
    assert len(sent(at_meta, PERSON)) == 2


def test_what_never_came_is_sent_again(at_meta: Carrier, salon: Business) -> None:
    at_meta.faults(rate_500_before=1)
    id_ = write(salon, "messenger", "Once more", now())
    drain(now())
    at_meta.faults()
    assert (stored(salon, id_).status, sent(at_meta, PERSON)) == (MessageStatus.CHECKING, [])
    reconcile(now() + 3 * MINUTE)
    drain(now() + 10 * MINUTE)
    assert [each["text"] for each in sent(at_meta, PERSON)] == ["Once more"]


def test_a_long_text_for_instagram_goes_in_pieces_and_is_one_message(
    at_meta: Carrier, salon: Business
) -> None:
    text = "Wir freuen uns auf Sie, schöne Grüße! " * 60
    id_ = write(salon, "instagram", text, now(), uploads=[Upload("a.png", PNG)])
    drain(now())
    told = sent(at_meta, FOLLOWER)
    assert len(told) == 4 and told[-1]["files"]
    assert all(len(each["text"].encode()) <= 1000 for each in told)
    assert " ".join(each["text"] for each in told[:-1]) == text.strip()
    message = stored(salon, id_)
    assert (message.status, message.provider_sid) == (MessageStatus.SENT, told[-1]["mid"])


def out(twilio: Carrier, *texts: str) -> None:
    """These went to the follower in our name, and nobody heard of it."""
    graph = Graph(f"{twilio.url}/graph", "v24.0")
    for text in texts:
        told = {"recipient": {"id": FOLLOWER}, "message": {"text": text}}
        graph.post(f"{PAGE}/messages", f"token-{PAGE}", told)


def test_the_end_of_another_message_is_not_taken_for_its_own(
    at_meta: Carrier, salon: Business, garage: Business
) -> None:
    """Two long texts that end in the same words left at once, and their senders died: of the first
    only its beginning went out, between the two pieces of the second."""
    at = now()
    words = f"{'so glad that you come! ' * 42}{'See you at Bella. ' * 2}See you!"
    texts = [f"{name}: {words}" for name in "AB"]
    ids = [write(salon, "instagram", text, at) for text in texts]
    assert [each.id for each in claim(at, 2)] == ids
    (begin, end), (their_begin, same) = (split(CHANNELS["instagram"], text) for text in texts)
    assert end == same
    out(at_meta, their_begin, begin, end)
    reconcile(at + LEASE + MINUTE)
    assert [stored(salon, id_).status for id_ in ids] == [MessageStatus.UNKNOWN] * 2
    assert drain(at + DAY) == 0


def test_pieces_that_stand_together_are_found_where_no_other_left_meanwhile(
    at_meta: Carrier, salon: Business, garage: Business
) -> None:
    write(salon, "instagram", "Before", now())
    drain(now())
    # Once the account may send again.
    at = now() + timedelta(seconds=1)
    id_ = write(salon, "instagram", "So glad that you come! " * 50, at)
    [claimed] = claim(at, 2)
    out(at_meta, *split(CHANNELS["instagram"], claimed.body))
    reconcile(at + LEASE + MINUTE)
    found = stored(salon, id_)
    assert found.status is MessageStatus.SENT
    assert found.provider_sid == sent(at_meta, FOLLOWER)[-1]["mid"]


def test_after_a_day_only_a_person_may_and_only_where_the_app_may(
    at_meta: Carrier, salon: Business
) -> None:
    with tenant_scope(salon.id):
        old = update(ChannelThread).values(opened_at=now() - 2 * DAY)
        db.session.execute(old.execution_options(synchronize_session=False))
        db.session.commit()
    with pytest.raises(Refused, match="24 hours"):
        write(salon, "messenger", "Too late", now())
    db.session.remove()
    with tenant_scope(salon.id):
        db.session.execute(update(ChannelAccount).values(human_agent=True))
        db.session.commit()
    db.session.remove()
    write(salon, "messenger", "In time", now())
    drain(now())
    # The simulator heard from them a moment ago: it takes any of the terms.
    assert [each["terms"] for each in sent(at_meta, PERSON)] == ["HUMAN_AGENT"]


def test_without_access_the_channel_waits_and_says_to_connect_again(
    at_meta: Carrier, salon: Business, garage: Business
) -> None:
    put(at_meta, f"pages/{PAGE}", {"token": "another"})
    id_ = write(salon, "messenger", "Wait", now())
    drain(now())
    message = stored(salon, id_)
    assert message.status is MessageStatus.QUEUED
    with tenant_scope(salon.id):
        assert "connect it again" in db.session.scalars(select(SenderPause.reason)).one()


def test_a_reminder_goes_by_a_template_that_meta_has_approved(
    at_meta: Carrier, salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        old = update(ChannelThread).values(opened_at=now() - 9 * DAY)
        db.session.execute(old.execution_options(synchronize_session=False))
        template_id = utility_templates.add("Reminder", "en", "Hi {{1}}, see you {{2}}.").id
    db.session.remove()
    assert (utility_templates.hand_in(now()), utility_templates.hand_in(now())) == (1, 0)
    with tenant_scope(salon.id):
        point = select(ContactPoint.customer_id).where(ContactPoint.channel == "messenger")
        customer = db.session.get_one(Customer, db.session.scalars(point).one())
        tenant = db.session.get_one(Tenant, salon.id)
        said = fill(template_id, {"1": "Ann", "2": "at 3"})
        path = route(customer, tenant, CHANNELS["messenger"])
        content = Content(said.text, template=said)
        enter(composed(customer, path, content, now(), now() + DAY, "notification-1"))
        db.session.commit()
    drain(now())
    [told] = sent(at_meta, PERSON)
    assert (told["text"], told["terms"]) == ("Hi Ann, see you at 3.", "UTILITY")
    with tenant_scope(garage.id):
        assert utility_templates.of_messenger() == []
