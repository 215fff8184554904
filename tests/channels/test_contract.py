"""What holds of every channel, whoever carries it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import ContactPoint, Customer, Direction, Media, Message
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.refused import Refused
from app.outbox.settle.reconcile import reconcile
from app.tenancy import tenant_scope
from tests.channels.rig import Rig, new_id
from tests.channels.rigs import RIGS
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

HOSTILE = "<script>alert(1)</script> \u202e{{ 7 * 7 }} ‘; DROP TABLE message; -- \U0001f9d1"
LATER = timedelta(hours=1)


@pytest.fixture(params=sorted(CHANNELS))
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def rig(key: str, twilio: Carrier, post: Mailboxes, salon: Business, garage: Business) -> Rig:
    """The channel, by which both businesses are reached."""
    made = RIGS[key](twilio, post)
    for owner in (garage, salon):
        made.connect(owner)
    return made


def heard(owner: Business, key: str) -> list[Message]:
    """What came in by the channel from others than whom the world begins with."""
    db.session.rollback()
    with tenant_scope(owner.id):
        query = select(Message).where(
            Message.channel == key,
            Message.direction == Direction.INBOUND,
            Message.customer_id != owner.customer_id,
        )
        return list(db.session.scalars(query.order_by(Message.id)))


def knows(rig: Rig, owner: Business, key: str) -> int:
    """They have written; the customer."""
    assert rig.writes(owner, new_id(), "Hello") < 300
    return heard(owner, key)[-1].customer_id


def write(
    owner: Business, customer_id: int, key: str, body: str, at: datetime | None = None
) -> int:
    """The business writes to them; raises Refused."""
    with tenant_scope(owner.id):
        customer = db.session.get_one(Customer, customer_id)
        return compose(customer, written_by(key), body, at or now()).id


def written_by(key: str) -> str:
    """The channel that a person chooses, and whose addresses it has."""
    return CHANNELS[key].carries or key


def stored(owner: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(owner.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


def test_every_channel_has_a_rig() -> None:
    assert RIGS.keys() == CHANNELS.keys()


def test_what_a_customer_writes_stands_in_the_inbox_once_in_its_order_and_harms_nobody(
    rig: Rig, key: str, salon: Business, garage: Business, staff: Browser
) -> None:
    first, second = new_id(), new_id()
    for id_, body in ((first, HOSTILE), (first, HOSTILE), (second, "A second one")):
        assert rig.writes(salon, id_, body) < 300
    assert rig.writes(salon, new_id(), "See this", picture=True) < 300
    said = heard(salon, key)
    assert [each.body for each in said] == [HOSTILE, "A second one", said[-1].body]
    assert len({each.customer_id for each in said}) == 1
    with tenant_scope(salon.id):
        of_it = select(Media).where(Media.message_id == said[-1].id)
        assert [each.content_type for each in db.session.scalars(of_it)] == ["image/png"]
        of_them = select(ContactPoint.channel).filter_by(customer_id=said[0].customer_id)
        assert set(db.session.scalars(of_them)) == {written_by(key)}
    page = staff.get(f"/messages/{said[0].customer_id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page
    assert "{{ 7 * 7 }}" in page and "A second one" in page
    assert heard(garage, key) == []


def test_what_the_business_writes_arrives_once_whatever_its_carrier_answers(
    rig: Rig, key: str, salon: Business, garage: Business
) -> None:
    customer_id = knows(rig, salon, key)
    rig.answers_unclearly(True)
    unclear = write(salon, customer_id, key, "Was that heard?")
    drain(now())
    in_doubt = {MessageStatus.CHECKING, MessageStatus.UNKNOWN}
    assert (stored(salon, unclear).status in in_doubt) == rig.unclear
    rig.answers_unclearly(False)
    for minutes in (1, 30, 90):
        reconcile(now() + timedelta(minutes=minutes))
        drain(now() + timedelta(minutes=minutes))
    assert stored(salon, unclear).status is not MessageStatus.QUEUED
    clear = write(salon, customer_id, key, "And this?")
    drain(now() + 2 * LATER)
    assert stored(salon, clear).status >= MessageStatus.ACCEPTED
    assert list(rig.arrived(salon)) == ["Was that heard?", "And this?"]
    assert not rig.arrived(garage), "nobody has written to theirs"


def test_who_has_stopped_is_sent_nothing_that_waits_or_is_written(
    rig: Rig, key: str, salon: Business
) -> None:
    customer_id = knows(rig, salon, key)
    waiting = write(salon, customer_id, key, "Too late")
    assert rig.writes(salon, new_id(), rig.stop) < 300
    drain(now() + LATER)
    assert stored(salon, waiting).status is MessageStatus.FAILED
    with pytest.raises(Refused, match=r"(?i)stop|no more|unsubscribed|opted out"):
        write(salon, customer_id, key, "One more")
    assert list(rig.arrived(salon)) == []


def test_a_report_that_comes_late_takes_nothing_back(rig: Rig, key: str, salon: Business) -> None:
    if not rig.reports:
        return
    id_ = write(salon, knows(rig, salon, key), key, "Hello you")
    drain(now())
    sid = stored(salon, id_).provider_sid or ""
    for status in ("delivered", "sent", "delivered"):
        assert rig.tells(salon, sid, status) < 300
    assert stored(salon, id_).status is MessageStatus.DELIVERED


def test_free_text_goes_by_it_only_while_its_window_is_open(
    rig: Rig, key: str, salon: Business
) -> None:
    window = CHANNELS[key].session_window
    customer_id = knows(rig, salon, key)
    late = now() + (window or timedelta(days=400)) + LATER
    if window is None:
        assert write(salon, customer_id, key, "Long ago", late)
        return
    try:
        id_ = write(salon, customer_id, key, "Long ago", late)
    except Refused:
        return
    assert stored(salon, id_).channel in CHANNELS[key].stand_ins
