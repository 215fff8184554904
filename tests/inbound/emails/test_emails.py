"""What the inbound webhook of emails does, and what it refuses without writing a row."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db, vault
from app.inbox.statistics import statistics
from app.lib.time.clock import local_day, now
from app.models import (
    ContactPoint,
    Conversation,
    Customer,
    Media,
    Message,
    OptOut,
    ReceivedEmail,
    Tenant,
)
from app.tenancy import tenant_scope, unscoped
from app.web.guards import bodies
from tests.admin_views.reading import cells
from tests.support import email_in
from tests.support.browser import Browser, visitor
from tests.support.email_in import post, written
from tests.support.world import Business

RAW = "message/rfc822"


def emails(business: Business) -> list[Message]:
    with tenant_scope(business.id):
        query = select(Message).where(Message.channel == "email").order_by(Message.id)
        return list(db.session.scalars(query))


def rows() -> int:
    """How many rows of any tenant an email could have written."""
    with unscoped("tests"):
        tables = (Message, Customer, ContactPoint, Conversation, Media, ReceivedEmail, OptOut)
        counts = [db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]
    db.session.rollback()
    return sum(counts)


def test_a_customers_email_is_in_the_inbox_of_that_business_alone(
    salon: Business, garage: Business, staff: Browser
) -> None:
    assert post(salon, written("Is <b>tomorrow</b> free?")).status_code == 200
    [came] = emails(salon)
    assert (came.sender, came.recipient) == ("ann@lee.example", "hello@salon.test")
    assert (came.subject, came.body) == ("A question", "Is <b>tomorrow</b> free?")
    page = staff.get(f"/messages/{came.customer_id}").text
    assert "Ann Lee" in page and "A question" in page
    assert "Is &lt;b&gt;tomorrow&lt;/b&gt; free?" in page
    assert "A question: Is" in staff.get("/messages").text
    assert emails(garage) == []
    assert "A question" not in Browser(garage.staff).get("/messages").text


def test_whoever_is_known_by_that_address_is_the_customer(
    salon: Business, garage: Business
) -> None:
    # The garage has a customer of the same address.
    with tenant_scope(garage.id):
        db.session.add(
            ContactPoint(customer_id=garage.customer_id, channel="email", address="ann@salon.test")
        )
        db.session.commit()
    post(salon, written(From="ANN@salon.test"))
    assert [each.customer_id for each in emails(salon)] == [salon.customer_id]


def test_an_email_that_is_posted_again_is_one_message(salon: Business) -> None:
    mail = written()
    for _ in range(3):
        assert post(salon, mail).status_code == 200
    before = rows()
    assert len(emails(salon)) == 1
    post(salon, mail)
    assert rows() == before


def test_two_emails_of_one_message_id_are_two(salon: Business) -> None:
    for text in ("One ticket", "Another ticket"):
        post(salon, written(text, Message_ID="<ticket@tracker.example>"))
    assert [each.body for each in emails(salon)] == ["One ticket", "Another ticket"]


def test_the_same_email_to_two_businesses_is_in_both(salon: Business, garage: Business) -> None:
    mail = written()
    post(salon, mail)
    post(garage, mail)
    assert (len(emails(salon)), len(emails(garage))) == (1, 1)


@pytest.mark.parametrize("token", ["", "wrong", "ä"])
def test_a_wrong_secret_is_403_and_writes_nothing(
    app: Flask, salon: Business, garage: Business, token: str
) -> None:
    email_in.path_of(salon)
    before = rows()
    path = "/api/email/salon/inbound"
    for query in ({"token": token}, {}):
        answer = visitor().post(
            path, data=written().as_bytes(), content_type=RAW, query_string=query
        )
        assert answer.status_code == 403
    theirs = email_in.path_of(garage).replace("garage", "salon")
    assert visitor().post(theirs, data=b"From: a\n\na", content_type=RAW).status_code == 403
    assert rows() == before


def test_a_business_that_has_no_address_takes_no_email(salon: Business) -> None:
    for query in ({"token": ""}, {"token": "None"}, {}):
        answer = visitor().post("/api/email/salon/inbound", query_string=query, data=b"From: a\n\n")
        assert answer.status_code == 403


def test_an_unknown_slug_is_404_and_writes_nothing(salon: Business) -> None:
    path, before = email_in.path_of(salon).replace("salon", "nobody"), rows()
    answer = visitor().post(path, data=written().as_bytes(), content_type=RAW)
    assert (answer.status_code, rows()) == (404, before)


def test_what_is_too_large_is_413_and_writes_nothing(salon: Business) -> None:
    path, before = email_in.path_of(salon), rows()
    body = written().as_bytes() + b"a" * 26 * bodies.MB
    for kind in (RAW, "multipart/form-data; boundary=b", "application/json"):
        answer = visitor().post(path, data=body, content_type=kind)
        assert (answer.status_code, rows()) == (413, before)


def test_an_email_as_large_as_gmails_largest_comes_in(salon: Business) -> None:
    mail = written()
    mail.add_attachment(b"a" * 18 * bodies.MB, "application", "pdf", filename="plan.pdf")
    assert post(salon, mail).status_code == 200


def test_what_is_no_email_is_400_and_writes_nothing(salon: Business) -> None:
    path, before = email_in.path_of(salon), rows()
    for kind, body in (
        (RAW, b""),
        (RAW, b"no head\n\nat all"),
        ("application/json", b"{"),
        ("application/json", b'{"ping": true}'),
        ("application/x-www-form-urlencoded", b"a=1"),
        ("multipart/form-data", b"--b"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\na\r\n--b--"),
    ):
        answer = visitor().post(path, data=body, content_type=kind)
        assert (answer.status_code, rows()) == (400, before), (kind, body)


def test_a_new_address_ends_the_former_at_once(app: Flask, salon: Business) -> None:
    former = email_in.path_of(salon)
    shown = app.test_cli_runner().invoke(args=["email", "address", "--tenant", "salon"])
    assert shown.output.strip().endswith(former), "asked again it is the same"
    made = app.test_cli_runner().invoke(args=["email", "address", "--tenant", "salon", "--new"])
    path = made.output.strip().removeprefix("http://localhost")
    mail = written().as_bytes()
    assert visitor().post(former, data=mail, content_type=RAW).status_code == 403
    assert visitor().post(path, data=mail, content_type=RAW).status_code == 200


def test_the_secret_rests_sealed_and_is_sealed_anew_with_the_others(
    app: Flask, salon: Business
) -> None:
    token = email_in.path_of(salon).rpartition("=")[2]
    before = db.session.get_one(Tenant, salon.id).email_token_sealed
    assert before and token not in before and vault().open(before) == token
    done = app.test_cli_runner().invoke(args=["secrets", "rotate"])
    assert done.output == "2 rotated\n"
    db.session.expire_all()
    assert db.session.get_one(Tenant, salon.id).email_token_sealed != before
    assert post(salon, written()).status_code == 200


def test_an_email_of_our_own_that_comes_back_changes_nothing(salon: Business, post: object) -> None:
    path, before = email_in.path_of(salon), rows()
    mail = written(From="Bella <messages@kaivox.example>").as_bytes()
    assert visitor().post(path, data=mail, content_type=RAW).status_code == 200
    assert rows() == before


def test_a_sender_who_is_none_is_heard_and_is_nobody_to_write_to(salon: Business) -> None:
    for sender in ("", "nobody", "=?utf-8?q?=00?= <a@b>", "a" * 3000 + "@b.example", "<>"):
        assert post(salon, written(f"From {sender[:9]}", From=sender)).status_code == 200
    came = emails(salon)
    assert [each.sender for each in came] == [""] * 5
    with tenant_scope(salon.id):
        person = db.session.get_one(Customer, came[0].customer_id)
        assert person.contact_points == []


@pytest.mark.parametrize(
    ("subject", "text"), [("Hi", "Unsubscribe."), ("unsubscribe", ""), ("Re: Hi", " STOP\n")]
)
def test_unsubscribe_as_the_whole_text_ends_our_emails(
    salon: Business, garage: Business, subject: str, text: str
) -> None:
    post(salon, written(text, Subject=subject, From="ann@salon.test"))
    with unscoped("tests"):
        stops = db.session.execute(select(OptOut.tenant_id, OptOut.channel, OptOut.address)).all()
    assert [tuple(stop) for stop in stops] == [(salon.id, "email", "ann@salon.test")]


def test_a_newsletter_that_says_how_to_unsubscribe_ends_and_asks_nothing(
    salon: Business,
) -> None:
    post(salon, written("Please unsubscribe me.", From="ann@salon.test", List_Id="<n.example>"))
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut)).all() == []
        assert db.session.scalars(select(Conversation.stop_asked_id)).all() == [None]


def test_redis_away_the_email_is_in_all_the_same(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis import Redis, RedisError

    def gone(*_: object, **__: object) -> None:
        raise RedisError("away")

    path = email_in.path_of(salon)
    monkeypatch.setattr(Redis, "execute_command", gone)
    answer = visitor().post(path, data=written().as_bytes(), content_type=RAW)
    assert (answer.status_code, len(emails(salon))) == (200, 1)


def test_an_email_counts_and_is_found_like_any_message(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        before = statistics(local_day(now(), "America/New_York"))
    post(salon, written("Is ten free?"))
    with tenant_scope(salon.id):
        after = statistics(local_day(now(), "America/New_York"))
    assert (after.total, after.today) == (before.total + 1, before.today + 1)
    assert after.by_channel["email"] == before.by_channel["email"] + 1
    for query in ({"q": "ann@lee.example"}, {"channel": "email"}, {"unread": "1"}):
        page = cells(staff.get("/messages", query_string={"part": "list", **query}).text)
        assert ("Ann Lee ann@lee.example" if "q" in query else "Is ten free?") in page, query
    [came] = emails(salon)
    profile = staff.get(f"/customers/{came.customer_id}").text
    assert "ann@lee.example" in profile and "May be written to" in profile
    told = staff.get(f"/messages/{came.customer_id}", headers={"Accept": "application/json"}).json
    assert told and told["messages"][-1]["channel"] == "email"


def test_a_mailbox_that_is_none_is_told_on_the_customers_page(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        for point in db.session.scalars(select(ContactPoint).filter_by(channel="email")):
            point.invalid_since = now()
        db.session.commit()
    page = staff.get(f"/customers/{salon.customer_id}").text
    assert "No such mailbox" in page and "Ask them for another address" in page
