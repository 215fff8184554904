"""A message whose webhook was lost is found in Twilio's list, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.inbound import recover as recovery
from app.inbound import recovery_lease
from app.inbound.recover import GRACE, recover
from app.inbound.recovery_lease import EVERY, LEASE
from app.inbound.unstorable import MOST_ATTEMPTS
from app.lib.time.clock import now
from app.models import Media, Message, OptOut
from app.providers.twilio import TwilioProvider
from app.providers.twilio import provider as twilio_provider
from app.tenancy import tenant_scope
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.poison import POISON, breaks, parked
from tests.support.world import Business

LATER = GRACE + timedelta(minutes=1)
NEXT = LATER + EVERY


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
    assert recover(now() + NEXT) == 0
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
    from tests.inbound.test_media_fetch import send_picture

    send_picture(twilio, salon)
    assert recover(now() + LATER) == 1
    with tenant_scope(salon.id):
        waiting = db.session.scalars(select(Media).where(Media.state == "waiting")).one()
    assert "/Media/ME" in waiting.url


def test_workers_that_look_at_once_list_each_number_once(
    app: Flask, twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    list_them = TwilioProvider.received_since

    def counted(provider: TwilioProvider, account: Any, channel: Any, number: str, since: Any):  # type: ignore[no-untyped-def]
        listed.append(f"{channel.key} {number}")
        return list_them(provider, account, channel, number, since)

    monkeypatch.setattr(TwilioProvider, "received_since", counted)

    def look(_worker: int) -> int:
        with app.app_context():
            return recover(moment)

    text(twilio, salon, "Did you get this?")
    moment = now() + LATER
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(look, range(4))) == 1
    assert len(listed) == len(set(listed))
    assert f"sms {salon.number}" in listed


def test_a_number_whose_listing_died_is_listed_again(twilio: Carrier, salon: Business) -> None:
    text(twilio, salon, "Did you get this?")
    assert recovery_lease.take(salon.id, "sms", now() + LATER)
    assert recover(now() + NEXT) == 0
    assert recover(now() + NEXT + LEASE) == 1


def test_a_twilio_that_is_away_is_asked_again_next_time(salon: Business) -> None:
    assert recover(now()) == 0


def test_a_message_that_cannot_be_stored_stops_no_other_and_is_parked(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, recovery, "receive")
    text(twilio, salon, "Before")
    sid = text(twilio, salon, POISON)
    text(twilio, salon, "After")
    text(twilio, garage, "Hello")
    assert recover(now() + LATER) == 3
    assert [message.body for message in inbound(salon)][-2:] == ["Before", "After"]
    for look in range(1, MOST_ATTEMPTS):
        assert parked(salon) == []
        assert recover(now() + LATER + look * EVERY) == 0
    [aside] = parked(salon)
    assert (aside.sid, aside.attempts) == (sid, MOST_ATTEMPTS)
    assert aside.reason.startswith("Broken in app/inbound/recover.py")
    assert POISON not in aside.reason
    monkeypatch.undo()
    assert recover(now() + LATER + MOST_ATTEMPTS * EVERY) == 0, "it is left alone now"


def test_a_message_that_cannot_be_read_stops_no_other(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    text(twilio, salon, POISON)
    text(twilio, salon, "After")
    breaks(monkeypatch, twilio_provider, "clean")
    assert recover(now() + LATER) == 1


def test_a_business_that_breaks_us_stops_no_other(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    text(twilio, salon, "Hello")
    text(twilio, garage, "Hello")
    breaks(monkeypatch, recovery, "_missing", mark=f"tenant_id={salon.id},")
    assert recover(now() + LATER) == 1
