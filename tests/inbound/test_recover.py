"""A message whose webhook was lost is found in Twilio's list, once."""

from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from app.extensions import db
from app.inbound.recover import GRACE, recover
from app.lib.clock import now
from app.models import Media, Message, OptOut
from app.tenancy import tenant_scope
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import Business

LATER = GRACE + timedelta(minutes=1)


def text(carrier: Carrier, business: Business, body: str, channel: str = "sms") -> str:
    """A telephone writes; no webhook is known to the simulator, so none arrives. Its SID."""
    url = f"{carrier.url}/simulator/phones/{business.customer_number}/send"
    values = {"to": business.number, "channel": channel, "body": body}
    sid: str = requests.post(url, json=values, timeout=5).json()["sid"]
    return sid


def inbound(business: Business) -> list[Message]:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Message).where(Message.provider_sid.is_not(None)).order_by(Message.id)
        return list(db.session.scalars(query))


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_lost_message_is_stored_once_and_marked(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser, channel: str
) -> None:
    sid = text(twilio, salon, "Did you get this?", channel)
    assert recover(now() + LATER) == 1
    assert recover(now() + LATER) == 0
    found = inbound(salon)[-1]
    assert (found.provider_sid, found.body, found.channel) == (sid, "Did you get this?", channel)
    assert found.recovered
    assert "Recovered" in staff.get(f"/messages/{salon.customer_id}").text
    assert all(message.body != "Did you get this?" for message in inbound(garage))


def test_what_the_webhook_brought_is_not_recovered(twilio: Carrier, salon: Business) -> None:
    sid = text(twilio, salon, "Hello")
    twilio_posts.text(salon, "Hello", MessageSid=sid)
    assert recover(now() + LATER) == 0
    assert not inbound(salon)[-1].recovered


def test_a_webhook_that_comes_after_all_is_no_second_message(
    twilio: Carrier, salon: Business
) -> None:
    sid = text(twilio, salon, "Hello")
    recover(now() + LATER)
    before = len(inbound(salon))
    twilio_posts.text(salon, "Hello", MessageSid=sid)
    assert len(inbound(salon)) == before


def test_a_webhook_on_its_way_is_waited_for(twilio: Carrier, salon: Business) -> None:
    text(twilio, salon, "Just now")
    assert recover(now()) == 0


def test_a_lost_stop_counts_too(twilio: Carrier, salon: Business) -> None:
    text(twilio, salon, "STOP")
    recover(now() + LATER)
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut.address)).all() == [salon.customer_number]


def test_lost_pictures_are_fetched_like_others(twilio: Carrier, salon: Business) -> None:
    from tests.inbound.test_media import send_picture

    send_picture(twilio, salon)
    assert recover(now() + LATER) == 1
    with tenant_scope(salon.id):
        waiting = db.session.scalars(select(Media).where(Media.state == "waiting")).one()
    assert "/Media/ME" in waiting.url


def test_a_twilio_that_is_away_is_asked_again_next_time(salon: Business) -> None:
    assert recover(now()) == 0
