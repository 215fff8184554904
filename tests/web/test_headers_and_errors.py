"""What every answer carries, and how errors read."""

import re

import pytest
from flask import current_app
from sqlalchemy import create_engine

from app.factory import quick_redis
from app.lib.time.clock import now
from app.operations.zone_check import differing
from tests.support.browser import Browser, visitor
from tests.support.streams import Streams
from tests.support.world import Business


@pytest.mark.parametrize(
    "path", ["/login", "/messages", "/admin/customers/", "/nowhere", "/health/ready"]
)
def test_every_answer_carries_the_security_headers(
    salon: Business, admin: Browser, path: str
) -> None:
    headers = admin.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    script = re.search(r"script-src ([^;]+)", policy)
    assert script and "unsafe" not in script.group(1) and "nonce-" in script.group(1)


def test_every_page_has_another_nonce(salon: Business, staff: Browser) -> None:
    policies = {staff.get("/messages").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2


@pytest.mark.parametrize(
    "path",
    ["/messages", "/admin/customers/", "/admin/customers/new/", "/admin/appointments/", "/admin/"],
)
def test_no_page_has_script_that_the_policy_would_stop(
    salon: Business, admin: Browser, path: str
) -> None:
    page = admin.get(path).text
    assert not re.search(r"\son[a-z]+=", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "nonce=" in script or "src=" in script


def test_pages_are_not_cached(salon: Business, staff: Browser) -> None:
    assert "no-store" in staff.get("/messages").headers["Cache-Control"]


def test_a_host_that_is_not_ours_is_refused(salon: Business) -> None:
    assert visitor().get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert visitor().get("/login", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_errors_are_pages_for_people_and_json_for_programs(salon: Business, staff: Browser) -> None:
    page = staff.get("/messages/99999")
    assert page.status_code == 404
    assert "There is nothing here" in page.text
    program = staff.get("/messages/99999", headers={"Accept": "application/json"})
    assert program.json == {"error": "There is nothing here. It may have been moved or removed."}


@pytest.mark.parametrize("body", ["[" * 50_000, '{"a":' * 50_000, "{", "null"])
def test_json_that_says_nothing_is_the_callers_mistake(
    salon: Business, staff: Browser, body: str
) -> None:
    for path in ("/messages/send", f"/messages/{salon.customer_id}/read", "/login"):
        answer = staff.post(path, data=body, content_type="application/json")
        assert 300 <= answer.status_code < 500, path


def test_a_program_that_is_not_signed_in_gets_401(salon: Business) -> None:
    answer = visitor().get("/messages", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json and "error" in answer.json


def test_nonsense_in_the_address_is_no_crash(salon: Business, staff: Browser) -> None:
    for path in (
        "/messages/-1",
        "/messages/9" * 9,
        "/messages/%00",
        "/media/999999999999999999999",
    ):
        assert staff.get(path).status_code in (400, 404)
    for query in ("q=%00", "q=%FF", "before=x", "before=-1", "before=" + "9" * 40, "channel=%00"):
        path = "/messages" if "before" not in query else f"/messages/{salon.customer_id}"
        assert staff.get(f"{path}?{query}").status_code in (200, 400, 404), query


def test_a_bug_is_a_500_that_says_nothing_of_the_row(
    salon: Business,
    staff: Browser,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ValueError("secret +12125550142")

    monkeypatch.setattr("app.inbox.conversations.asked_page", broken)
    answer = staff.get("/messages")
    assert answer.status_code == 500
    assert "12125550142" not in answer.text
    written = capfd.readouterr()
    assert "12125550142" not in written.err + written.out


def test_health_tells_what_is_there(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    alive = visitor().get("/health/live")
    assert (alive.json, alive.headers["Cache-Control"]) == ({"status": "alive"}, "no-store")
    assert visitor().head("/health/live").data == b""
    assert visitor().post("/health/live").status_code == 404
    ready = {"status": "ready", "database": True, "redis": True, "streams": True}
    with current_app.extensions["direct_engine"].connect() as connection:
        zones = differing(connection, now())
    assert visitor().get("/health/ready").json == ready | {
        "late": ["timetable"],
        "zones_differ": zones,
    }
    nobody = quick_redis("redis://127.0.0.1:1")
    monkeypatch.setitem(current_app.extensions, "redis", nobody)
    assert visitor().get("/health/ready").status_code == 200
    nowhere = create_engine("postgresql+psycopg://x:x@127.0.0.1:1/x")
    monkeypatch.setitem(current_app.extensions, "direct_engine", nowhere)
    assert visitor().get("/health/ready").status_code == 503
