"""What a request may carry, what the worst of it costs, and that strangers' bodies stay unread."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser
from werkzeug.test import TestResponse, encode_multipart

from app.extensions import db
from app.models import MessageTemplate
from app.outbox.compose.email_footer import LONGEST_SUBJECT
from app.tenancy import tenant_scope
from app.web.guards import access, bodies
from tests.support import twilio
from tests.support.browser import Browser, visitor
from tests.support.world import Business

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Of a second of CPU, on a machine that others use too.
MOST_CPU = 0.5
TINY = b"a&" * (4 * bodies.MB)


def part(number: int) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="%d"\r\n\r\n\r\n' % number


BOUNDARY = "multipart/form-data; boundary=b"
TINY_PARTS = b"".join(map(part, range(20_000))) + b"--b--\r\n"
JSON = "application/json"
IMPORT = "/admin/imports/"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was parsed, by what it was said to be."""
    found: list[str] = []
    form, data = FormDataParser.parse, bodies.Bounded.get_data

    def parse(self: Any, stream: Any, mimetype: str, *args: Any, **options: Any) -> Any:
        found.append(mimetype)
        return form(self, stream, mimetype, *args, **options)

    def whole_body(self: Any, *args: Any, **options: Any) -> Any:
        read = data(self, *args, **options)
        found.append(self.mimetype)
        return read

    monkeypatch.setattr(FormDataParser, "parse", parse)
    monkeypatch.setattr(bodies.Bounded, "get_data", whole_body)
    return found


def cost(
    send: Callable[..., TestResponse], path: str, **options: Any
) -> tuple[TestResponse, float]:
    begun = time.thread_time()
    answer = send(path, **options)
    return answer, time.thread_time() - begun


def chunked(body: bytes, kind: str) -> dict[str, Any]:
    return {
        "input_stream": BytesIO(body),
        "content_type": kind,
        "headers": {"Transfer-Encoding": "chunked"},
        "environ_overrides": {"wsgi.input_terminated": True},
    }


def whole(body: bytes, kind: str) -> dict[str, Any]:
    return {"data": body, "content_type": kind}


def huge() -> Iterator[dict[str, Any]]:
    for send in (whole, chunked):
        yield send(TINY, bodies.FORM)
        yield send(TINY_PARTS, BOUNDARY)
        yield send(b"[" + b"1," * (4 * bodies.MB) + b"1]", JSON)


@pytest.mark.parametrize("path", ["/login", "/messages/send", "/nowhere", "/health/live"])
def test_a_strangers_huge_body_is_never_parsed(
    salon: Business, parsed: list[str], path: str
) -> None:
    for body in huge():
        for method in METHODS:
            stream = body.get("input_stream")
            if stream:
                stream.seek(0)
            answer, seconds = cost(visitor().open, path, method=method, **body)
            assert answer.status_code < 500
            assert seconds < MOST_CPU, (method, seconds)
    assert parsed == []


def test_whoever_is_not_signed_in_is_asked_to_before_anything_is_read(
    salon: Business, parsed: list[str]
) -> None:
    for path in ("/messages/send", "/admin/customers/new/", "/settings/notifications"):
        for kind, body in ((bodies.FORM, b"a=1"), (BOUNDARY, part(1)), (JSON, b"{}")):
            answer = visitor().post(path, data=body, content_type=kind)
            assert (answer.status_code, parsed) in ((302, []), (401, [])), path


def test_an_unknown_slug_is_404_before_anything_is_read(salon: Business, parsed: list[str]) -> None:
    for body in huge():
        answer = visitor().post("/api/twilio/nobody/sms", **body)
        assert (answer.status_code, parsed) == (404, [])


def test_whoever_is_signed_in_sends_no_more_either(
    salon: Business, staff: Browser, parsed: list[str]
) -> None:
    for body in huge():
        answer, seconds = cost(staff.post, f"/messages/{salon.customer_id}/read", **body)
        assert answer.status_code == 413
        assert seconds < MOST_CPU
    assert parsed == []


def test_the_worst_that_is_let_in_costs_little(salon: Business, staff: Browser) -> None:
    fields = b"&".join([b"%41" * 40] * bodies.MOST_FIELDS)[: bodies.LARGEST]
    parts = b"".join(map(part, range(bodies.MOST_FIELDS))) + b"--b--\r\n"
    text = b"body=" + b"%41" * ((1280 * bodies.KB - 5) // 3)
    lines = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        + b"\r\n" * (4 * bodies.MB - 100)
        + b"\r\n--b--\r\n"
    )
    nested = b"[" + b"[]," * (bodies.LARGEST // 3 - 10) + b"1]"
    for path, body, kind in (
        (f"/messages/{salon.customer_id}/read", fields, bodies.FORM),
        (f"/messages/{salon.customer_id}/read", parts, BOUNDARY),
        (f"/messages/{salon.customer_id}/read", nested, JSON),
        ("/messages/send", text, bodies.FORM),
        ("/messages/send", lines, BOUNDARY),
    ):
        answer, seconds = cost(staff.post, path, data=body, content_type=kind)
        assert answer.status_code != 413, (path, kind)
        assert seconds < 2 * MOST_CPU, (path, kind, seconds)


def test_too_many_fields_are_too_much_however_small(salon: Business, staff: Browser) -> None:
    for body, kind in (
        (b"&" * bodies.MOST_FIELDS, bodies.FORM),
        (b"".join(map(part, range(bodies.MOST_FIELDS + 1))) + b"--b--\r\n", BOUNDARY),
    ):
        for send in (whole, chunked):
            assert staff.post("/messages/send", **send(body, kind)).status_code == 413


def test_what_comes_in_chunks_is_no_upload(salon: Business, staff: Browser) -> None:
    body = part(1).replace(b'name="1"', b'name="files"; filename="a"') + b"x" * bodies.LARGEST
    assert staff.post("/messages/send", **chunked(body, BOUNDARY)).status_code == 413
    with staff.post("/messages/send", **whole(body + b"\r\n--b--\r\n", BOUNDARY)) as answer:
        assert answer.status_code == 404, "it names no customer"


def test_a_webhook_that_is_too_large_is_413_and_a_large_one_is_read(
    app: Flask, salon: Business
) -> None:
    assert twilio.text(salon, "a" * 2 * bodies.LARGEST).status_code == 413
    assert twilio.text(salon, "ä" * 1600).status_code == 200


def test_the_whole_settings_pass_as_json_and_as_the_form_of_their_page(
    salon: Business, admin: Browser
) -> None:
    document = admin.get("/settings/notifications", headers={"Accept": JSON})
    assert len(document.data) < bodies.LARGEST / 4
    assert admin.send("PUT", "/settings/notifications", json=document.json).status_code == 200
    page = admin.get("/settings/notifications").text
    assert page.count(" name=") < bodies.MOST_FIELDS / 2


def test_the_largest_text_of_a_template_passes(salon: Business, admin: Browser) -> None:
    with tenant_scope(salon.id):
        emails = select(MessageTemplate.id).where(MessageTemplate.channel == "email")
        template = db.session.scalars(emails).first()
    form = {"subject": "🦓" * LONGEST_SUBJECT, "body": "🦓" * 5_000}
    path = f"/settings/message-templates/{template}"
    for body in ({"data": form}, {"json": form}, {"data": form, "content_type": BOUNDARY[:19]}):
        assert admin.send("PUT", path, **body).status_code in (200, 303)


def test_the_longest_email_passes(salon: Business, staff: Browser) -> None:
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "🦓" * 100_000}
    for body in ({"data": form}, {"json": form}, {"data": form, "content_type": BOUNDARY[:19]}):
        answer = staff.post("/messages/send", **body)
        assert answer.status_code == 422, "refused by the composer, which says why"


def a_file(name: str, content: bytes) -> dict[str, Any]:
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), name)})
    return whole(body, f"multipart/form-data; boundary={boundary}")


def test_a_photograph_and_a_long_diary_pass_whatever_is_in_them(
    salon: Business, staff: Browser, admin: Browser
) -> None:
    """Each piece of them ends in what a boundary may begin with."""
    photo = b"\x89PNG\r\n\x1a\n" + b"\n" * (4 * bodies.MB)
    path = f"/messages/{salon.customer_id}/files"
    answer = staff.post(path, **a_file("hair.png", photo), headers={"Accept": JSON})
    assert answer.status_code == 201, answer.text
    diary = b"Customer,Phone,Begins\n" + b"\n" * (2 * bodies.MB)
    assert admin.post(IMPORT, **a_file("diary.csv", diary)).status_code == 302


def test_without_its_secret_a_large_email_is_never_read(salon: Business, parsed: list[str]) -> None:
    for slug, status in (("nobody", 404), ("salon", 403)):
        for body in huge():
            answer = visitor().post(f"/api/email/{slug}/inbound?token=guessed", **body)
            assert (answer.status_code, parsed) == (status, [])


def test_the_body_of_a_program_without_a_key_is_not_read(
    app: Flask, parsed: list[str], salon: Business
) -> None:
    body = BytesIO(b'{"body": "' + b"a" * bodies.MB)
    answer = visitor().post("/api/v1/messages", input_stream=body, content_type=JSON)
    assert (answer.status_code, parsed) == (401, [])


def test_only_routes_of_the_signed_in_take_more_and_the_one_that_asks_for_a_secret(
    whole_app: Flask,
) -> None:
    endpoints = {rule.endpoint for rule in whole_app.url_map.iter_rules()}
    assert bodies.LARGER.keys() <= endpoints
    open_to_all = [name for name in bodies.LARGER if not access.roles_of(name)]
    # Of Meta's the signature is over all of it.
    asked = {"inbound_email.message", "meta_webhook.events", "chat_messages.send_file"}
    # The key of a program is asked for before its body.
    asked |= {"api.messages_make"}
    assert set(open_to_all) == asked
