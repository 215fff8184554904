"""Who looks like spam works for a chat; who does not never notices that there is such work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from flask import Flask
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.extensions import db, redis_client
from app.lib.time.clock import now
from app.models import ChatSession
from app.tenancy import tenant_scope, unscoped
from app.web.chat import chat_limits, panel_key
from app.web.sign_in import tries
from app.webchat import enable_chat
from app.webchat.abuse import proof_of_work
from tests.support.visitors import SITE, Visitor, proof_of, switch_on
from tests.support.world import Business

PAGE = f"{SITE}/prices"


@pytest.fixture(autouse=True)
def both_on(salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_of_work, "MOST", 50)
    switch_on(salon)
    switch_on(garage)


def key(owner: Business, seconds: float = 10) -> str:
    """Of a panel that was shown so long ago."""
    return panel_key.make(owner.id, now() - timedelta(seconds=seconds))


def begin(owner: Business, ip: str = "127.0.0.1", **given: Any) -> TestResponse:
    return Visitor(owner, begin=False).ask(
        "POST", "/session", json=given, environ_base={"REMOTE_ADDR": ip}
    )


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json.get("code", "")


def solved(owner: Business, answer: TestResponse, **given: Any) -> TestResponse:
    return begin(owner, **given, proof=proof_of(answer.json["challenge"]))


def sessions() -> int:
    with unscoped("tests"):
        found = db.session.scalar(select(func.count(ChatSession.id))) or 0
    db.session.rollback()
    return found


def test_who_was_shown_the_panel_and_reads_it_is_asked_for_nothing(
    salon: Business, garage: Business
) -> None:
    assert begin(salon, key=key(salon), page_url=PAGE).status_code == 201
    early = begin(salon, key=key(salon, 1), page_url=PAGE)
    assert told(early) == (429, "too_fast")
    assert early.headers["Retry-After"] == "2"
    assert solved(salon, early, key=key(salon, 1), page_url=PAGE).status_code == 201
    # A challenge of one business is worth nothing at another.
    assert told(solved(garage, early, key=key(garage, 1), page_url=PAGE)) == (429, "too_fast")


def test_a_panel_that_is_on_no_site_of_the_business_has_to_work_for_a_chat(salon: Business) -> None:
    for page in ("https://evil.example/", "", "https://www.salon.example.evil.example/", "http:"):
        assert told(begin(salon, key=key(salon), page_url=page)) == (403, "proof_needed"), page
    refused = begin(salon, page_url="https://evil.example/")
    assert told(refused) == (403, "proof_needed")
    assert "Retry-After" not in refused.headers
    assert sessions() == 0
    assert solved(salon, refused, page_url="https://evil.example/").status_code == 201


def test_a_field_that_nobody_sees_tells_who_fills_in_everything(salon: Business) -> None:
    given = {"key": key(salon), "page_url": PAGE, "website": "https://spam.example"}
    refused = begin(salon, **given)
    assert told(refused) == (403, "proof_needed")
    assert solved(salon, refused, **given).status_code == 201
    ann = Visitor(salon)
    first = ann.write("Buy this", website={"a": 1}, client_token="one")
    assert told(first) == (403, "proof_needed")
    proof = proof_of(first.json["challenge"])
    again = [ann.write("Buy this", website="x", proof=proof, client_token="one") for _ in range(2)]
    assert [told(each) for each in again] == [(201, ""), (403, "proof_needed")]
    assert ann.write("Nothing is filled in", website="").status_code == 201


def test_who_begins_by_the_api_alone_does_as_before_and_pays_for_more(
    salon: Business, garage: Business
) -> None:
    answers = [begin(salon) for _ in range(21)]
    assert [told(each) for each in answers] == [(201, "")] * 20 + [(429, "too_fast")]
    refused = answers[-1]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert solved(salon, refused).status_code == 201
    assert told(solved(salon, refused)) == (429, "too_fast"), "a proof counts once"
    assert begin(salon, ip="198.51.100.7").status_code == 201, "nobody else is meant"
    # Whom the site has signed in, it vouches for.
    with tenant_scope(salon.id):
        chat = enable_chat.of_tenant()
        secret, chat.identity_mode = enable_chat.rotate_secret(chat), "warn"
        db.session.commit()
    claims = {"iss": "widget", "sub": "C-1", "exp": now().timestamp() + 600}
    assert begin(salon, identity=jwt.encode(claims, secret, algorithm="HS256")).status_code == 201


def test_a_network_and_a_crowd_of_callers_pay_for_more_than_people_begin(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_limits, "OF_NETWORK", chat_limits.parse_many("3 per minute"))
    near = [begin(salon, f"203.0.113.{host}", key=key(salon), page_url=PAGE) for host in range(4)]
    assert [each.status_code for each in near] == [201, 201, 201, 429]
    six = [begin(salon, f"2001:db8:7:{host}::1") for host in range(4)]
    assert [each.status_code for each in six] == [201, 201, 201, 429]
    assert begin(salon, "2001:db8:8::1").status_code == 201
    monkeypatch.setattr(chat_limits, "BARE_OF_BUSINESS", chat_limits.parse_many("6 per minute"))
    far = [begin(salon, f"198.18.{host}.1") for host in range(8)]
    assert [each.status_code for each in far] == [201] * 6 + [429] * 2
    # Who was shown the panel is in no crowd, and another business's is another.
    shown = begin(salon, "198.51.100.7", key=key(salon), page_url=PAGE)
    assert (shown.status_code, begin(garage, "198.51.100.8").status_code) == (201, 201)


def test_who_is_refused_uses_up_nothing_of_the_business_and_nothing_is_kept(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(chat_limits.CEILINGS, "session", chat_limits.parse_many("2 per minute"))
    begin(salon, website="x")
    kept = redis_client().dbsize()
    assert {told(begin(salon, website="x")) for _ in range(9)} == {(403, "proof_needed")}
    assert (redis_client().dbsize(), sessions()) == (kept, 0)
    assert begin(salon).status_code == 201
    monkeypatch.setattr(chat_limits, "SESSIONS", chat_limits.parse_many("1 per minute"))
    [refused, over] = [begin(salon, ip="198.51.100.7", website="x") for _ in range(2)]
    assert told(over) == (429, "too_fast")
    assert "challenge" not in over.json, "above that no work helps"
    assert "challenge" in refused.json


def test_a_proof_counts_once_of_all_who_bring_it_at_the_same_moment(
    app: Flask, salon: Business
) -> None:
    proof = proof_of(begin(salon, website="x").json["challenge"])
    gate = threading.Barrier(12)

    def brought(_: int) -> int:
        with app.app_context():
            gate.wait(5)
            return begin(salon, website="x", proof=proof).status_code

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(brought, range(12))) == [201] + [403] * 11


def test_without_redis_each_process_counts_by_itself(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = FixedWindowRateLimiter(RedisStorage("redis://127.0.0.1:9", socket_timeout=0.1))
    monkeypatch.setattr(tries, "limiter", SimpleNamespace(limiter=away))
    monkeypatch.setattr(chat_limits, "BARE", chat_limits.parse_many("2 per minute"))
    answers = [begin(salon, "192.0.2.78") for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 429]
    proof = proof_of(answers[-1].json["challenge"])
    again = [begin(salon, "192.0.2.78", proof=proof).status_code for _ in range(2)]
    assert again == [201, 429]


def test_a_key_of_another_business_or_of_yesterday_shows_nothing(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_limits, "BARE", chat_limits.parse_many("1 per minute"))
    for wrong in (key(garage), key(salon, 24 * 3600), "", "x.y", key(salon)[:-1]):
        begin(salon)
        assert told(begin(salon, key=wrong, page_url=PAGE)) == (429, "too_fast")
    assert begin(salon, key=key(salon), page_url=PAGE).status_code == 201
