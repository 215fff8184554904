"""An admin has the business's own systems told of events, and reads what they were told."""

import re

import pytest
from sqlalchemy import select

from app.automation.webhooks.endpoints import disable
from app.automation.webhooks.send_deliveries import send_due
from app.extensions import db, vault
from app.lib.time.clock import now
from app.models import WebhookEndpoint
from app.tenancy import tenant_scope
from tests.automation.webhooks.conftest import (  # noqa: F401
    Receiver,
    allowed,
    endpoint_at,
    receiver,
)
from tests.automation.webhooks.support import deliveries, endpoint, ids, tell
from tests.support.browser import Browser
from tests.support.listener import says
from tests.support.world import WEBHOOK_SECRET, Business

PAGE = "/admin/webhooks/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
FORM = {"name": "Till", "url": "https://1.1.1.1/kaivox", "event_types": ["message.received"]}


def secret_in(text: str) -> str:
    found = SECRET.findall(text.replace("&#43;", "+"))
    return str(found[0]) if found else ""


def the_new(owner: Business) -> WebhookEndpoint:
    with tenant_scope(owner.id):
        query = select(WebhookEndpoint).order_by(WebhookEndpoint.id.desc()).limit(1)
        return db.session.scalars(query).one()


def test_a_new_one_tells_its_secret_this_once(admin: Browser, salon: Business) -> None:
    answer = admin.post(PAGE, data=FORM)
    assert answer.status_code == 302
    row = the_new(salon)
    # The log of an open page is no look at it.
    assert "whsec_" not in admin.get(f"{PAGE}{row.id}?part=log").text
    answer = admin.get(answer.headers["Location"])
    secret = secret_in(answer.text)
    assert vault().open(row.secret_sealed) == secret
    assert (row.name, row.url) == ("Till", FORM["url"])
    assert row.event_types == ["message.received"]
    assert "no-store" in answer.headers["Cache-Control"]
    for page in (PAGE, f"{PAGE}{row.id}"):
        assert "whsec_" not in admin.get(page).text


@pytest.mark.parametrize(
    ("given", "says_"),
    [
        ({"url": "http://1.1.1.1/"}, "begins with https"),
        ({"url": "https://127.0.0.1/"}, "could not be reached"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "could not be reached"),
        ({"url": "https://me:pass@1.1.1.1/"}, "password"),
        ({"url": "https://1.1.1.1:22/"}, "443, 8443"),
        ({"name": " "}, "Give it a name"),
        ({"event_types": ["user.deleted"]}, "There is no event"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_entered_stays(
    admin: Browser, salon: Business, given: dict[str, object], says_: str
) -> None:
    before = the_new(salon).id
    answer = admin.post(PAGE, data=FORM | given)
    assert answer.status_code == 422
    assert says_ in answer.text
    assert str(given.get("url", FORM["url"])) in answer.text
    assert the_new(salon).id == before


def test_it_is_changed_and_what_is_wrong_changes_nothing(admin: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/a")
    admin.post(f"{PAGE}{id_}", data=FORM | {"name": "Other", "url": "https://1.1.1.1/b"})
    row = endpoint(salon, id_)
    assert (row.name, row.url, row.event_types) == (
        "Other",
        "https://1.1.1.1/b",
        ["message.received"],
    )
    admin.post(f"{PAGE}{id_}", data=FORM | {"name": "Third", "url": "https://10.0.0.1/"})
    assert endpoint(salon, id_).name == "Other"


def test_a_new_secret_is_told_once_and_the_former_is_kept(admin: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/")
    answer = admin.post(f"{PAGE}{id_}/rotate", follow_redirects=True)
    row = endpoint(salon, id_)
    assert vault().open(row.secret_sealed) == secret_in(answer.text) != WEBHOOK_SECRET
    assert vault().open(row.old_secret_sealed or "") == WEBHOOK_SECRET
    assert "we sign with both" in answer.text and "Copy</button>" in answer.text
    again = admin.get(f"{PAGE}{id_}").text
    assert "Send a test event" in again and "whsec_" not in again


def test_a_test_event_comes_and_its_answer_is_shown_as_text(
    admin: Browser,
    salon: Business,
    receiver: Receiver,  # noqa: F811
) -> None:
    content = b"<script>alert(1)</script>"
    head = f"HTTP/1.1 500 No\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    id_, server = receiver(salon, says(head + content))
    admin.post(f"{PAGE}{id_}/test")
    send_due(now())
    assert len(ids(server)) == 1
    page = admin.get(f"{PAGE}{id_}").text
    assert "It answered 500." in page and "Next attempt" in page and "Failing" in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    part = admin.get(f"{PAGE}{id_}?part=log").text
    assert "webhook.test" in part and "<html" not in part


def test_it_is_turned_off_and_on_and_what_it_missed_is_sent_again(
    admin: Browser,
    salon: Business,
    garage: Business,
    receiver: Receiver,  # noqa: F811
) -> None:
    id_, server = receiver(salon)
    tell(salon, id_, "evt_1", "evt_2")
    with tenant_scope(salon.id):
        for row in deliveries(salon, id_):
            assert row.status == "waiting"
    admin.post(f"{PAGE}{id_}/disable")
    assert "Turned off by hand." in admin.get(f"{PAGE}{id_}").text
    assert "Turn it on first" in admin.get(admin.post(f"{PAGE}{id_}/test").location).text
    send_due(now())
    assert server.connections == 0
    admin.post(f"{PAGE}{id_}/enable")
    assert admin.post(f"{PAGE}{id_}/resend-failed", data={"hours": "7"}).status_code == 400
    admin.post(f"{PAGE}{id_}/resend-failed", data={"hours": "720"})
    send_due(now())
    assert sorted(ids(server)) == ["evt_1", "evt_2"]
    (first, _) = deliveries(salon, id_)
    admin.post(f"{PAGE}deliveries/{first.id}/resend")
    send_due(now())
    assert ids(server).count("evt_1") == 2


def test_it_is_removed_with_its_log(admin: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/")
    tell(salon, id_, "evt_1")
    admin.post(f"{PAGE}remove", data={"webhook_endpoint_id": id_})
    assert admin.get(f"{PAGE}{id_}").status_code == 404
    assert deliveries(salon, id_) == []


def test_the_log_goes_on_on_the_next_page(admin: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/")
    tell(salon, id_, *(f"evt_{n}" for n in range(30)))
    first = admin.get(f"{PAGE}{id_}").text
    assert "evt_29" in first and "evt_4<" not in first
    older = re.search(r'href="([^"]+before=\d+)"', first)
    assert older and "evt_4<" in admin.get(older.group(1)).text


def test_a_strangers_webhook_is_not_there(
    admin: Browser, salon: Business, garage: Business
) -> None:
    theirs = endpoint_at(garage, "https://1.1.1.1/their-secret-path")
    tell(garage, theirs, "evt_1")
    (row,) = deliveries(garage, theirs)
    assert "their-secret-path" not in admin.get(PAGE).text
    for path in ("", "/rotate", "/test", "/disable", "/enable", "/resend-failed"):
        answer = admin.post(f"{PAGE}{theirs}{path}", data=FORM | {"hours": "24"})
        assert answer.status_code == 404, path
    for path, data in (
        (f"{PAGE}deliveries/{row.id}/resend", {}),
        (f"{PAGE}remove", {"webhook_endpoint_id": theirs}),
    ):
        assert admin.post(path, data=data).status_code == 404
    assert admin.get(f"{PAGE}{theirs}").status_code == 404
    assert endpoint(garage, theirs).disabled_at is None


def test_staff_do_not_see_it(staff: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/")
    assert staff.get(PAGE).status_code == staff.get(f"{PAGE}{id_}").status_code == 403
    assert "/admin/webhooks" not in staff.get("/messages").text


def test_an_endpoint_that_turned_itself_off_says_why(admin: Browser, salon: Business) -> None:
    id_ = endpoint_at(salon, "https://1.1.1.1/")
    with tenant_scope(salon.id):
        disable(id_, "No attempt succeeded for <b>five</b> days.", now())
        db.session.commit()
    for page in (PAGE, f"{PAGE}{id_}"):
        assert "No attempt succeeded for &lt;b&gt;five&lt;/b&gt; days." in admin.get(page).text
