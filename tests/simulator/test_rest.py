"""The REST API, asked by Twilio's own SDK."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.helpers import ACCOUNT, PNG, TOKEN, Sim, client_for, eventually


def code_of(twilio: Any, **fields: Any) -> int:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**fields)
    return int(refused.value.code)


def test_a_message_is_accepted_as_queued(twilio, salon, ann):
    message = twilio.messages.create(to=ann, from_=salon, body="Hello")
    assert (message.status, message.direction) == ("queued", "outbound-api")
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert (message.num_segments, message.num_media) == ("1", "0")
    assert message.price is None
    assert message.error_code is None
    assert message.date_sent is None
    assert abs(message.date_created - datetime.now(UTC)) < timedelta(seconds=5)
    assert message.subresource_uris["media"].endswith(f"/Messages/{message.sid}/Media.json")


def test_a_wrong_token_is_refused_in_twilios_words(sim, salon, ann):
    with pytest.raises(TwilioRestException) as refused:
        client_for(sim, token="wrong").messages.create(to=ann, from_=salon, body="Hello")
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert refused.value.uri.endswith("Messages.json")


def test_an_account_sees_nothing_of_anothers(sim, twilio, salon, ann):
    stranger = client_for(sim, "AC" + "2" * 32, "strangers-token")
    sid = twilio.messages.create(to=ann, from_=salon, body="Ours").sid
    assert stranger.messages.list() == []
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages(sid).fetch()
    assert refused.value.code == 20404
    answer = requests.get(
        f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        auth=("AC" + "2" * 32, "strangers-token"),
        timeout=5,
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "12345"}, 21211),
        ({"to": "+1415555"}, 21211),
        ({"from_": "+1"}, 21212),
        ({"from_": None}, 21603),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"media_url": [f"https://example.com/{n}" for n in range(11)]}, 21623),
        ({"media_url": ["ftp://example.com/a.png"]}, 21620),
        ({"status_callback": "not a url"}, 21609),
        ({"content_sid": "HXnonsense"}, 21655),
        ({"content_sid": "HX" + "b" * 32}, 21655),
        ({"content_sid": "HX" + "a" * 32, "content_variables": "{"}, 21656),
        ({"content_sid": "HX" + "a" * 32, "content_variables": '{"1": ""}'}, 21656),
        ({"to": "whatsapp:+14155550101"}, 21910),
        ({"to": "+14155550100"}, 21266),
        ({"validity_period": 36001}, 20001),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"from_": "+15005550007"}, 21606),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(twilio, salon, ann, fields, code):
    given = {"to": ann, "from_": salon, "body": "Hello", **fields}
    assert code_of(twilio, **{k: v for k, v in given.items() if v is not None}) == code


def test_listing_narrows_by_number_and_time_newest_first(twilio, salon, ann):
    for body in ("first", "second"):
        twilio.messages.create(to=ann, from_=salon, body=body)
    twilio.messages.create(to="+14155550199", from_=salon, body="strangers")
    bodies = [m.body for m in twilio.messages.list(to=ann)]
    assert bodies == ["second", "first"]
    now, hour = datetime.now(UTC), timedelta(hours=1)
    assert len(twilio.messages.list(to=ann, date_sent_after=now - hour)) == 2
    assert twilio.messages.list(to=ann, date_sent_after=now + hour) == []
    assert len(twilio.messages.list(from_=salon, date_sent_before=now + hour)) == 3
    assert twilio.messages.list(from_=salon, date_sent_before=now - hour) == []
    assert len(twilio.messages.list(to=ann, date_sent=now.date())) == 2
    assert twilio.messages.list(to=ann, date_sent=date(2020, 1, 1)) == []


def test_pages_follow_one_another_without_gap_or_repeat(twilio, salon, ann):
    for number in range(7):
        twilio.messages.create(to=ann, from_=salon, body=str(number))
    pages = twilio.messages.stream(to=ann, page_size=3)
    seen = [next(pages).body]
    twilio.messages.create(to=ann, from_=salon, body="came meanwhile")
    assert seen + [m.body for m in pages] == ["6", "5", "4", "3", "2", "1", "0"]


def test_inbound_messages_are_listed_with_their_pictures(sim: Sim, twilio, salon, ann):
    import base64

    data = base64.b64encode(PNG).decode()
    sent = sim.text(ann, salon, "Look", media=[{"data": data, "name": "cat.png"}])
    message = twilio.messages.list(to=salon)[0]
    assert (message.sid, message.direction, message.status) == (sent["sid"], "inbound", "received")
    assert message.sid.startswith("MM")
    media = twilio.messages(message.sid).media.list()[0]
    assert media.content_type == "image/png"
    url = f"{sim.url}{media.uri.removesuffix('.json')}"
    assert requests.get(url, timeout=5).status_code == 401
    fetched = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5)
    assert fetched.content == PNG
    assert fetched.headers["Content-Type"] == "image/png"


def test_a_messaging_service_chooses_the_sender_later(twilio, salon, ann):
    service = "MG" + "a" * 32
    message = twilio.messages.create(to=ann, messaging_service_sid=service, body="Hello")
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    arrived = eventually(lambda: _delivered(twilio, message.sid))
    assert (arrived.from_, arrived.messaging_service_sid) == (salon, service)


def test_numbers_are_made_and_changed_as_in_twilio(twilio, sim):
    made = twilio.incoming_phone_numbers.create(
        phone_number="+14155550111", sms_url="http://127.0.0.1:1/sms"
    )
    twilio.incoming_phone_numbers(made.sid).update(sms_url="http://127.0.0.1:1/new")
    found = twilio.incoming_phone_numbers.list(phone_number="+14155550111")
    assert [each.sms_url for each in found] == ["http://127.0.0.1:1/new"]
    assert sim.get("numbers")["numbers"][0]["sms_url"] == "http://127.0.0.1:1/new"


def _delivered(twilio: Any, sid: str) -> Any:
    message = twilio.messages(sid).fetch()
    return message if message.status == "delivered" else None
