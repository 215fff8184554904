"""One answer that makes no sense, or never ends, harms no other message."""

import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request

from app import providers
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message
from app.outbox.delivery import send_pool
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.support.carrier import served
from tests.support.world import NOON, Business, say, sid

TWICE = sid()
ANSWERS: dict[str, object] = {
    "dict": {"sid": {"a": 1}, "status": "queued"},
    "number": {"sid": 7, "status": "queued"},
    "long": {"sid": "SM" + "1" * 500, "status": "queued"},
    "nul": {"sid": "SM\x00", "status": "queued"},
    "list": [],
    "nothing": None,
    "twice": {"sid": TWICE, "status": "queued"},
}


def drip() -> Iterator[bytes]:
    for _ in range(40):
        yield b" "
        time.sleep(0.1)


@pytest.fixture
def odd_twilio(app: Flask) -> Iterator[None]:
    """A Twilio whose answer is what the message's text asks for."""
    odd = Flask("odd")

    @odd.post("/2010-04-01/Accounts/<account>/Messages.json")
    def create(account: str) -> Response:
        body = request.form["Body"]
        if body == "drip":
            return Response(drip(), 201, mimetype="application/json")
        answer = ANSWERS.get(body, {"sid": sid(), "status": "queued"})
        return Response(json.dumps(answer), 201, mimetype="application/json")

    with served(odd) as url:
        providers.configure(url)
        yield
    providers.configure("http://127.0.0.1:9")


def status(business: Business, id_: int) -> MessageStatus:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.get_one(Message, id_).status


def test_each_outcome_of_a_batch_stands_alone(
    odd_twilio: None, salon: Business, garage: Business
) -> None:
    say(salon, "Was sent before", provider_sid=TWICE)
    odd = {body: queue(salon, body) for body in ANSWERS}
    fine = [queue(business, f"Fine {n}") for business in (salon, garage) for n in range(5)]
    drain(NOON)
    assert {status(salon, id_) for id_ in fine[:5]} == {MessageStatus.ACCEPTED}
    assert {status(garage, id_) for id_ in fine[5:]} == {MessageStatus.ACCEPTED}
    for body, id_ in odd.items():
        assert status(salon, id_) in (MessageStatus.CHECKING, MessageStatus.SENDING), body


def queue(business: Business, body: str) -> int:
    id_ = say(business, body, status=MessageStatus.QUEUED)
    with tenant_scope(business.id):
        db.session.get_one(Message, id_).provider_sid = None
        db.session.commit()
    return id_


def test_an_answer_that_never_ends_is_not_waited_for(
    odd_twilio: None, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_pool, "DEADLINE", send_pool.DEADLINE / 60)
    slow, quick = queue(salon, "drip"), queue(salon, "Fine")
    began = time.monotonic()
    drain(NOON)
    assert time.monotonic() - began < 3
    assert status(salon, quick) is MessageStatus.ACCEPTED
    assert status(salon, slow) is MessageStatus.CHECKING
