"""Staff and visits ask for reviews, nobody twice; the link counts who opens it."""

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db, settings
from app.lib import short_name
from app.lib.text import segments
from app.lib.time.clock import now
from app.models import Customer, Notification, NotificationSetting, Tenant
from app.notifications import ask_for_review
from app.notifications.configure import given
from app.notifications.content import review_link
from app.notifications.dispatch import dispatch
from app.notifications.types.notification_type import Option
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support.browser import visitor
from tests.support.crowd import crowd
from tests.support.diary import at, book, change, options, states, waiting
from tests.support.world import Business, hear

PAGE = "https://reviews.example/bella?x=1"
NOON = at("2026-11-19 12:00")

OURS = select(Notification).where(Notification.status != "skipped")
"""Without the one that every business of the tests begins with."""


def ask(owner: Business, moment: object = NOON) -> str:
    """Asked by the button: what became of it."""
    with tenant_scope(owner.id):
        try:
            customer = db.session.get_one(Customer, owner.customer_id)
            ask_for_review.request(customer, moment)  # type: ignore[arg-type]
        except Refused as refused:
            return str(refused)
        finally:
            db.session.remove()
    return "asked"


def test_the_button_asks_at_once_and_nobody_twice_within_the_business_time(
    salon: Business, garage: Business
) -> None:
    assert "No review page is set" in ask(salon)
    options(salon, "review_request", link=PAGE)
    assert ask(salon) == "asked"
    assert "planned already" in ask(salon)
    dispatch(NOON)
    assert "http://localhost/r/" in waiting(salon)[0]
    assert not waiting(garage)
    assert (
        ask(salon, NOON + timedelta(days=89)) == "They were asked within the last 90 days already."
    )
    assert ask(salon, NOON + timedelta(days=91)) == "asked"


def test_who_wants_no_messages_is_not_asked_and_staff_are_told_why(salon: Business) -> None:
    options(salon, "review_request", enabled=False, link=PAGE)
    assert ask(salon) == "Messages of this kind are turned off."
    options(salon, "review_request", link=PAGE)
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).paused_at = NOON
        db.session.commit()
    assert "are paused" in ask(salon)
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).paused_at = None
        db.session.commit()
    hear(salon, "STOP", at=NOON)
    assert "replied STOP" in ask(salon)
    with tenant_scope(salon.id):
        assert not db.session.scalars(OURS).all()


def test_a_button_pressed_by_twenty_at_once_asks_once(app: Flask, salon: Business) -> None:
    options(salon, "review_request", link=PAGE)
    told: list[str] = []
    assert not crowd(app, lambda: told.append(ask(salon)), 20)
    assert sorted(word == "asked" for word in told) == [False] * 19 + [True]
    dispatch(NOON)
    assert len(waiting(salon)) == 1


def test_after_a_visit_whoever_was_just_asked_is_not_asked_again(salon: Business) -> None:
    options(salon, "review_request", link=PAGE, after_visit=True)
    first = book(salon, "2026-11-19 10:00", now="2026-11-10 12:00")
    second = book(salon, "2026-11-20 10:00", now="2026-11-10 12:00")
    for id_, done in ((first, "2026-11-19 11:00"), (second, "2026-11-20 11:00")):
        change(salon, id_, now=done, status="completed")
        dispatch(at(done) + timedelta(hours=3))
    assert states(salon, first, "review_request")[0].endswith("sent")
    with tenant_scope(salon.id):
        linked = {(row.type, len(row.link or "")) for row in db.session.scalars(OURS)}
        db.session.rollback()
    assert linked >= {("review_request", 10), ("booking_confirmation", 0)}
    assert states(salon, second, "review_request")[0].endswith("recently")


@pytest.fixture
def link(salon: Business, garage: Business) -> str:
    options(salon, "review_request", link=PAGE)
    options(garage, "review_request", link="https://garage.example")
    with tenant_scope(salon.id):
        # By the clock of the page that is asked, and at any hour of the night.
        tenant = db.session.get_one(Tenant, salon.id)
        tenant.quiet_from = tenant.quiet_until = None
        db.session.commit()
    ask(salon, now())
    dispatch(now())
    found = re.search(r"http://localhost(/r/\S+)", waiting(salon)[0])
    assert found
    return found[1]


def opens(owner: Business) -> tuple[int, bool]:
    with tenant_scope(owner.id):
        row = db.session.scalars(OURS).one()
        found = row.opens, row.opened_at is not None
        db.session.rollback()
    return found


def test_the_link_leads_to_the_review_page_and_people_are_counted(
    salon: Business, link: str
) -> None:
    client = visitor()
    assert client.head(link).status_code == 302
    for agent in ("facebookexternalhit/1.1 Facebot Twitterbot/1.0", "WhatsApp/2.23.20.0"):
        assert client.get(link, headers={"User-Agent": agent}).status_code == 302
    assert client.get(link, headers={"Sec-Purpose": "prefetch"}).location == PAGE
    assert opens(salon) == (0, False)
    for _ in range(2):
        answer = client.get(link, headers={"User-Agent": "Mozilla/5.0 (iPhone)"})
        assert (answer.status_code, answer.location) == (302, PAGE)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    assert opens(salon) == (2, True)


def test_a_link_of_old_and_one_that_was_typed_lead_there_too(salon: Business, link: str) -> None:
    with tenant_scope(salon.id):
        row = db.session.scalars(OURS).one()
        of_old, ours = f"/r/{row.public_id}", row.link
        db.session.rollback()
    assert link == f"/r/{ours}" and len(link) == 13
    for path in (of_old, of_old.upper().replace("/R/", "/r/"), f"/r/{(ours or '').upper()}"):
        assert visitor().get(path).location == PAGE
    assert opens(salon) == (3, True)
    # What was planned before links were short has its old one.
    with tenant_scope(salon.id):
        row = db.session.scalars(OURS).one()
        row.link = None
        db.session.commit()
        assert review_link.address(row) == f"http://localhost{of_old}"


def test_a_name_that_another_link_has_is_not_taken_again(
    salon: Business, garage: Business, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = link.removeprefix("/r/"), "0" * 10
    names = iter([taken, taken, free])
    monkeypatch.setattr(short_name, "make", lambda: next(names))
    # The garage cannot see the salon's, and is kept from its names all the same.
    with tenant_scope(garage.id):
        tenant = db.session.get_one(Tenant, garage.id)
        tenant.quiet_from = tenant.quiet_until = None
        db.session.commit()
    assert ask(garage, now()) == "asked"
    with tenant_scope(garage.id):
        assert db.session.scalars(OURS).one().link == free


@pytest.mark.parametrize(
    "path", ["/r/x", "/r/00000000-0000-0000-0000-000000000000", "/r/0123456789"]
)
def test_a_link_that_is_none_of_ours_leads_nowhere(salon: Business, path: str) -> None:
    assert visitor().get(path).status_code == 404


def test_who_tries_one_name_after_the_other_is_told_nothing_any_more(
    salon: Business, link: str
) -> None:
    guesser = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    answers = [visitor().get(f"/r/{n:010}", **guesser).status_code for n in range(61)]
    assert answers == [404] * 60 + [429]
    assert visitor().get(link, headers={"User-Agent": "Mozilla/5.0"}).status_code == 302


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_review_request_is_one_segment(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    options(salon, "review_request", link=PAGE)
    known = replace(settings(), public_url="https://messages.kaivox.com")
    monkeypatch.setitem(app.extensions, "settings", known)
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        customer.first_name, customer.language = "Penelope", language
        db.session.get_one(Tenant, salon.id).name = "Bella's Hair & Beauty"
        db.session.commit()
    ask(salon)
    dispatch(NOON)
    [said] = waiting(salon)
    body = said.removeprefix("queued: ")
    assert "Penelope" in body and re.search(r"https://messages\.kaivox\.com/r/\w{10}$", body), body
    assert segments.count(body).count == 1, (len(body), body)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "javascript:alert(1)",
        "//evil.example",
        "ftp://x.example",
        "https://shop.example:99999/",
        "https://shop..example/ü",
        "https://bank.example@evil.example/",
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(salon: Business, link: str, bad: str) -> None:
    with tenant_scope(salon.id):
        row = db.session.scalars(
            select(NotificationSetting).where(NotificationSetting.type == "review_request")
        ).one()
        row.options = row.options | {"link": bad}
        db.session.commit()
    assert visitor().get(link).status_code == 404
    with pytest.raises(ValueError) if bad else nullcontext():
        given.option(Option("link", "Review page", "link", ""), bad)
