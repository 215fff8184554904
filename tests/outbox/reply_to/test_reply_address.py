"""Answers to a business's emails go where somebody has said that they are to come."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.config import Secrets
from app.extensions import db, settings
from app.lib.mail.reply_link import signed
from app.lib.time.clock import now
from app.models import Customer, Tenant
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.refused import Refused
from app.outbox.reply_to import reply_address
from app.outbox.reply_to.confirmation_links import AGAIN, PATIENCE, send_links
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

OLD, NEW = "hello@salon.test", "bella@salon.test"
MINUTE = timedelta(minutes=1)


def tenant(business: Business) -> Tenant:
    db.session.rollback()
    return db.session.scalars(select(Tenant).where(Tenant.id == business.id)).one()


def enter(business: Business, address: str | None, at: datetime | None = None) -> None:
    reply_address.enter(tenant(business), address, at or now())
    db.session.commit()


def start_without(business: Business) -> None:
    db.session.execute(update(Tenant).where(Tenant.id == business.id).values(reply_to=None))
    db.session.commit()


def link(post: Mailboxes, to: str = NEW) -> str:
    """The address in the last email to the mailbox."""
    found = re.search(r"http://localhost(/reply-address/\S+)", post.emails(to)[-1].text)
    assert found
    return found[1]


def answered_at(business: Business, post: Mailboxes, seconds: int = 0) -> str | None:
    """Where an email that goes out in so many seconds is answered; None: none goes. Those that go
    out one after the other keep to the pace of their line."""
    at = now() + timedelta(seconds=seconds)
    db.session.rollback()
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        try:
            compose(customer, "email", f"Hello at {at}", at)
        except Refused as refused:
            assert "not confirmed yet" in str(refused)
            return None
    drain(at)
    return post.emails(f"ann@{business.slug}.test")[-1].reply_to.rpartition("<")[2].rstrip(">")


def test_a_new_mailbox_counts_once_its_reader_has_pressed_the_button(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    enter(salon, NEW)
    assert answered_at(salon, post) == OLD
    assert send_links(now()) == 1 and send_links(now()) == 0
    [came] = post.emails(NEW)
    assert came.subject == "Confirm where answers to Bella's Salon go"
    anybody = Browser()
    page = anybody.get(link(post))
    assert "Bella" in page.text and NEW in page.text and "Confirm</button>" in page.text
    # Programs open links, too: only the button counts.
    assert answered_at(salon, post, 1) == OLD
    assert "Confirmed" in anybody.post(link(post)).text
    assert answered_at(salon, post, 2) == NEW
    assert tenant(salon).reply_to_wanted is None
    assert tenant(garage).reply_to == "hello@garage.test"
    assert "Confirmed" in anybody.get(link(post)).text
    assert "Confirmed" in anybody.post(link(post)).text


def test_without_one_before_no_emails_are_sent_until_then(
    post: Mailboxes, salon: Business, admin: Browser
) -> None:
    start_without(salon)
    enter(salon, NEW)
    send_links(now())
    assert answered_at(salon, post) is None
    page = admin.get("/admin/business/").text
    assert f"{NEW} is not confirmed yet" in page and "Until then you send no emails" in page
    Browser().post(link(post))
    assert answered_at(salon, post) == NEW
    assert "not confirmed" not in admin.get("/admin/business/").text


@pytest.mark.parametrize("path", ["/admin/business/", "/admin/tenants/edit/?id={}"])
def test_what_is_entered_on_a_page_has_to_be_confirmed(
    post: Mailboxes, salon: Business, admin: Browser, operator: Browser, path: str
) -> None:
    from tests.admin_views.reading import filled

    person = admin if "business" in path else operator
    page = path.format(salon.id)
    form = filled(person.get(page))
    assert form["reply_to"] == OLD
    assert person.post(page, data=form | {"reply_to": NEW}).status_code == 302
    assert (tenant(salon).reply_to, tenant(salon).reply_to_wanted) == (OLD, NEW)
    # Saved once more, for something else, it is the same.
    form = filled(person.get(page))
    assert form["reply_to"] == NEW
    assert person.post(page, data=form | {"name": "Bella"}).status_code == 302
    assert (tenant(salon).name, tenant(salon).reply_to_wanted) == ("Bella", NEW)
    assert send_links(now() + MINUTE) == 1
    # Back to the old one there is nothing to confirm; with none no emails are sent.
    assert person.post(page, data=form | {"reply_to": OLD}).status_code == 302
    assert (tenant(salon).reply_to, tenant(salon).reply_to_wanted) == (OLD, None)
    assert person.post(page, data=form | {"reply_to": ""}).status_code == 302
    assert tenant(salon).reply_to is None
    assert Browser().post(link(post)).status_code == 410
    assert tenant(salon).reply_to is None


def test_a_link_ends_after_three_days(salon: Business) -> None:
    keys = reply_address.keys()
    for age, status in ((timedelta(days=3), 410), (timedelta(days=3) - MINUTE, 200)):
        enter(salon, NEW)
        token = signed(keys, salon.id, NEW, now() - age)
        assert Browser().get(f"/reply-address/{token}").status_code == status
        assert Browser().post(f"/reply-address/{token}").status_code == status
        assert (tenant(salon).reply_to == NEW) is (status == 200)


def test_a_link_is_for_one_business_and_one_mailbox(salon: Business, garage: Business) -> None:
    enter(salon, NEW)
    enter(garage, "other@garage.test")
    keys = reply_address.keys()
    for named in ((garage.id, NEW), (salon.id, "other@garage.test"), (4711, NEW)):
        assert Browser().post(f"/reply-address/{signed(keys, *named, now())}").status_code == 410
    forged = signed(["another key of thirty-two letters!!"], salon.id, NEW, now())
    for token in (forged, "x", signed(keys, salon.id, NEW, now())[:-1]):
        assert Browser().post(f"/reply-address/{token}").status_code == 404
    assert NEW not in (tenant(salon).reply_to, tenant(garage).reply_to)


def test_a_link_outlives_a_change_of_keys(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(salon, NEW)
    token = signed(reply_address.keys(), salon.id, NEW, now())
    old = settings()
    rotated = Secrets("a-new-secret-of-the-tests-and-of-nobody", (old.secret_key,), (), "")
    monkeypatch.setitem(app.extensions, "settings", replace(old, _secrets=rotated))
    assert Browser().get(f"/reply-address/{token}").status_code == 200


def test_links_go_out_at_most_every_few_minutes_whatever_is_entered(
    post: Mailboxes, salon: Business, admin: Browser
) -> None:
    begin = now()
    enter(salon, NEW, begin)
    send_links(begin)
    assert "Send the link again" not in admin.get("/admin/business/").text
    answer = admin.post("/admin/business/reply-link", follow_redirects=True)
    assert "Wait a few minutes" in answer.text
    for address in (None, "victim@stranger.test", None, "other@stranger.test"):
        enter(salon, address, begin + MINUTE)
    assert send_links(begin + 2 * MINUTE) == 0
    assert send_links(begin + reply_address.PAUSE) == 1
    assert [mail.recipients for mail in post.emails()] == [[NEW], ["other@stranger.test"]]


def test_it_can_be_asked_for_again_and_the_page_says_so(
    post: Mailboxes, salon: Business, admin: Browser, garage: Business
) -> None:
    enter(salon, NEW, now() - reply_address.PAUSE - MINUTE)
    send_links(now() - reply_address.PAUSE)
    assert "Send the link again" in admin.get("/admin/business/").text
    assert admin.post("/admin/business/reply-link").status_code == 302
    assert (send_links(now()), len(post.emails(NEW))) == (1, 2)
    assert tenant(garage).reply_to_link is None


@pytest.mark.parametrize(
    ("fault", "told"),
    [("mail_reset_after", "could not find out"), ("mail_refused", "did not take the link")],
)
def test_a_link_without_a_clear_yes_is_not_sent_again_by_itself(
    post: Mailboxes, salon: Business, admin: Browser, fault: str, told: str
) -> None:
    post.fault(fault)
    enter(salon, NEW)
    begin = now()
    send_links(begin)
    post.fault()
    assert [send_links(begin + minutes * MINUTE) for minutes in (1, 10, 600)] == [0, 0, 0]
    assert told in admin.get("/admin/business/").text
    assert len(post.emails(NEW)) == (fault == "mail_reset_after")


def test_whoever_died_over_a_link_leaves_it_to_the_admin(post: Mailboxes, salon: Business) -> None:
    enter(salon, NEW)
    db.session.execute(update(Tenant).values(reply_to_link="sending"))
    db.session.commit()
    assert send_links(now() + timedelta(hours=1)) == 0
    assert reply_address.ask_again(tenant(salon), now() + timedelta(hours=1))


def test_a_mail_server_that_takes_nothing_now_is_tried_again_for_some_time(
    post: Mailboxes, salon: Business
) -> None:
    begin = now()
    enter(salon, NEW, begin)
    post.fault("mail_greylisted")
    assert [send_links(begin), send_links(begin), send_links(begin + AGAIN)] == [1, 0, 1]
    post.fault()
    assert (send_links(begin + 2 * AGAIN), len(post.emails(NEW))) == (1, 1)
    enter(salon, "other@salon.test", begin)
    post.fault("mail_no_sign_in")
    send_links(begin + PATIENCE)
    assert tenant(salon).reply_to_link == "refused"
    assert send_links(begin + 2 * PATIENCE) == 0


def test_the_name_of_a_business_is_text_and_nothing_else(post: Mailboxes, salon: Business) -> None:
    name = "<a href='http://evil.example'>Bank</a>\r\nBcc: x <boss@bank.example> {url}"
    db.session.execute(
        update(Tenant).where(Tenant.id == salon.id).values(name=name, locale="es_ES")
    )
    db.session.commit()
    enter(salon, NEW)
    send_links(now())
    [came] = post.emails(NEW)
    assert "respuestas" in came.subject and not came.header("Bcc")
    assert "<a href='http://evil" not in came.html and "boss@bank" not in came.text
    assert Browser().get(link(post)).status_code == 200
