"""Pictures that staff send: checked, fetched by the carrier alone, shown in the thread."""

import base64
import io

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Media, Message
from app.outbox.compose.attachments import public_url
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.support.browser import Browser, visitor
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business, hear

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.7 a price list"


def send(
    browser: Browser,
    business: Business,
    *files: tuple[str, bytes],
    body: str = "Look",
    channel: str = "sms",
) -> tuple[int, str]:
    form = {
        "customer_id": str(business.customer_id),
        "channel": channel,
        "body": body,
        "files": [(io.BytesIO(content), name) for name, content in files],
    }
    headers = {"Accept": "application/json"}
    answer = browser.post("/messages/send", data=form, headers=headers)
    assert answer.json
    return answer.status_code, answer.json.get("error", "")


def files(business: Business) -> list[Media]:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Media).join(Message, Message.id == Media.message_id)
        query = query.where(Message.direction == "outbound").order_by(Media.position)
        return list(db.session.scalars(query))


def test_a_picture_goes_to_the_carrier_and_stands_in_the_thread(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    assert send(staff, salon, ("cut.png", PNG))[0] == 201
    drain(now())
    [sent] = twilio.sent(salon.customer_number)
    [url] = sent["media_urls"]
    fetched = visitor().get(url.removeprefix("http://localhost"))
    assert (fetched.mimetype, fetched.data) == ("image/png", PNG)
    [kept] = files(salon)
    assert f'src="/media/{kept.id}"' in staff.get(f"/messages/{salon.customer_id}").text
    assert Browser(garage.staff).get(f"/media/{kept.id}").status_code == 404


def test_a_picture_needs_no_text(twilio: Carrier, salon: Business, staff: Browser) -> None:
    assert send(staff, salon, ("cut.png", PNG), body="")[0] == 201
    assert "Attachment" in staff.get("/messages?part=list").text
    drain(now())
    assert len(twilio.sent(salon.customer_number)) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.html", b"<html>", "cannot be sent by SMS"),
        ("fake.png", b"<svg onload=alert(1)>", "cannot be sent by SMS"),
        ("prices.pdf", PDF, "cannot be sent by SMS"),
        ("empty.png", b"", "cannot be sent by SMS"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(
    salon: Business, staff: Browser, name: str, content: bytes, says: str
) -> None:
    status, error = send(staff, salon, (name, content))
    assert status == 422
    assert says in error
    assert files(salon) == []


def test_too_much_at_once_is_refused(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.compose.attachments.LARGEST", 2 * len(PNG))
    status, error = send(staff, salon, *[(f"{n}.png", PNG) for n in range(3)])
    assert (status, "larger than 5 MB" in error) == (422, True)
    assert files(salon) == []


def test_a_pdf_goes_by_whatsapp(twilio: Carrier, salon: Business, staff: Browser) -> None:
    hear(salon, "By WhatsApp", channel="whatsapp", at=now())
    assert send(staff, salon, ("prices.pdf", PDF), channel="whatsapp")[0] == 201
    [kept] = files(salon)
    shown = visitor().get(public_url(kept.id).removeprefix("http://localhost"))
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("attachment")


def test_eleven_files_are_too_many(salon: Business, staff: Browser) -> None:
    status, error = send(staff, salon, *[(f"{n}.png", PNG) for n in range(11)])
    assert (status, "At most 10" in error) == (422, True)


@pytest.mark.parametrize("token", ["1", "x", "MQ.x", "%00", "a" * 500])
def test_nobody_can_guess_an_address(app: Flask, salon: Business, token: str) -> None:
    assert visitor().get(f"/attachments/{token}").status_code == 404


def test_what_customers_sent_has_no_public_address(salon: Business) -> None:
    with tenant_scope(salon.id):
        inbound = db.session.scalars(select(Media.id)).one()
    path = public_url(inbound).removeprefix("http://localhost")
    assert visitor().get(path).status_code == 404


def test_a_message_tried_again_takes_its_files_along(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    send(staff, salon, ("cut.png", PNG))
    twilio.faults(reject={salon.customer_number: 21614})
    drain(now())
    twilio.faults()
    failed = files(salon)[0].message_id
    staff.post(f"/messages/{salon.customer_id}/{failed}/again")
    drain(now())
    [sent] = twilio.sent(salon.customer_number)
    assert len(sent["media_urls"]) == 1


def test_files_go_within_an_email(
    post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    both = [("cut.png", PNG), ("prices.pdf", PDF)]
    assert send(staff, salon, *both, channel="email", body="")[0] == 201
    drain(now())
    [came] = post.emails()
    assert came.recipients == ["ann@salon.test"]
    assert came.files == ["1.png", "2.pdf"]
