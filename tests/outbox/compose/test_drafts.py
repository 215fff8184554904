"""What somebody has begun to write is kept for them alone, until it is sent: text and files."""

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, Draft, DraftFile, Media, Message, Tenant
from app.outbox.compose import draft_files, drafts
from app.outbox.compose.attachments import Upload
from app.outbox.compose.drafts import Begun, InDraft
from app.outbox.compose.manual_message import prepare, put
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.outbox.compose.test_attachments import PDF, PNG
from tests.outbox.compose.test_conversation_before import user
from tests.support.beside import Beside
from tests.support.browser import Browser
from tests.support.world import Business, operator

JSON = {"Accept": "application/json"}


def keep(browser: Browser, business: Business, body: str, **more: str) -> Any:
    values = {"body": body, "channel": "sms", **more}
    return browser.post(f"/messages/{business.customer_id}/draft", data=values, headers=JSON)


def upload(browser: Browser, business: Business, name: str, content: bytes) -> Any:
    form = {"file": (io.BytesIO(content), name)}
    path = f"/messages/{business.customer_id}/files"
    return browser.post(path, data=form, headers=JSON)


def send(browser: Browser, business: Business, **values: Any) -> Any:
    whole = {"customer_id": business.customer_id, "channel": "sms", "body": "Hello", **values}
    return browser.post("/messages/send", json=whole)


def kept(business: Business) -> tuple[list[str], list[str]]:
    """The texts and the files that wait in drafts."""
    db.session.rollback()
    with tenant_scope(business.id):
        texts = db.session.scalars(select(Draft.body)).all()
        files = select(DraftFile.name).where(DraftFile.user_id.is_not(None))
        return list(texts), list(db.session.scalars(files).all())


def page(browser: Browser, business: Business) -> str:
    return browser.get(f"/messages/{business.customer_id}").text


def test_a_draft_is_there_again_for_who_wrote_it_and_for_nobody_else(
    salon: Business, garage: Business, staff: Browser
) -> None:
    assert keep(staff, salon, "Half a sen").json == {"kept": True}
    again = page(staff, salon)
    assert "Half a sen</textarea>" in again and "Draft</span> Half a sen" in again
    for other in (salon.admin, garage.staff):
        browser = Browser(other)
        assert "Half a sen" not in browser.get("/messages").text
        assert "Half a sen" not in page(browser, salon)
    assert keep(Browser(garage.staff), salon, "Mine").status_code == 404
    assert keep(staff, salon, " \n").json == {"kept": False}
    assert kept(salon) == ([], [])


def test_sent_it_is_no_draft_any_more_and_a_late_save_brings_nothing_back(
    salon: Business, staff: Browser
) -> None:
    keep(staff, salon, "Hello", client_token="once")
    assert send(staff, salon, client_token="once").status_code == 201
    assert keep(staff, salon, "Hello", client_token="once").json == {"kept": False}
    keep(staff, salon, "The next one", client_token="twice")
    assert send(staff, salon, client_token="once").status_code == 201, "posted again it is the same"
    keep(staff, salon, "Hello", client_token="once")
    assert kept(salon) == (["The next one"], [])


def test_a_save_beside_the_sending_brings_nothing_back(
    app: Flask, salon: Business, staff: Browser
) -> None:
    me, about, text = user(salon), salon.customer_id, Begun("Hello")
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, about)
        put(customer, prepare(customer, "sms", "Hello", now()), now(), now(), me, "once")
        drafts.sent(InDraft(me), about, ())
        saving = Beside(app, salon, lambda: drafts.keep(me, about, text, now(), "once"))
        saving.start()
        saving.waits()
        db.session.commit()
    saving.join()
    assert saving.error is None and kept(salon) == ([], [])


def test_a_draft_that_is_open_in_two_windows_is_sent_from_one(
    app: Flask, salon: Business, staff: Browser
) -> None:
    keep(staff, salon, "See you")
    of_both = {"body": "See you", "drafted": "1"}
    codes = []

    def press(token: str) -> None:
        with app.app_context():
            codes.append(send(staff, salon, client_token=token, **of_both).status_code)

    windows = [threading.Thread(target=press, args=(token,)) for token in ("one", "other")]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(codes) == [201, 422]
    later = {"send_at": (now() + timedelta(hours=1)).isoformat()}
    for more in ({}, later):
        told = send(staff, salon, **of_both, **more).json
        assert "in another window" in told["error"] and told["anew"]
    assert send(staff, salon, body="See you").status_code == 201, "it is meant"
    db.session.rollback()
    visiting = Browser(operator())
    visiting.post(f"/admin/tenants/enter/{salon.id}")
    assert send(visiting, salon, **of_both).status_code == 201, "an operator's is nowhere kept"
    with tenant_scope(salon.id):
        said = db.session.scalars(select(Message.body).where(Message.direction == "outbound"))
        assert said.all() == ["See you"] * 3


def test_a_refused_message_keeps_text_and_files(salon: Business, staff: Browser) -> None:
    file = upload(staff, salon, "prices.pdf", PDF).json["id"]
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "Look", "file_id": file}
    refused = staff.post("/messages/send", data=form)
    assert refused.status_code == 422 and "cannot be sent by SMS" in refused.text
    assert "Look</textarea>" in refused.text and "prices.pdf" in refused.text


def test_files_go_with_the_message_once_and_are_nobody_elses(
    salon: Business, garage: Business, staff: Browser
) -> None:
    told = upload(staff, salon, "cut.png", PNG).json
    assert told == {"id": told["id"], "name": "cut.png", "size": len(PNG), "kind": "image/png"}
    values = {"file_ids": [told["id"]], "body": "", "client_token": "once"}
    colleague = Browser(salon.admin)
    assert send(colleague, salon, **values, channel="sms").status_code == 404
    assert send(Browser(garage.staff), garage, **values).status_code == 404
    removal, one = f"/messages/{salon.customer_id}/files/remove", {"draft_file_id": told["id"]}
    assert colleague.post(removal, data=one, headers=JSON).status_code == 404
    ids = {send(staff, salon, **values).json["id"] for _ in range(2)}
    assert len(ids) == 1 and kept(salon) == ([], [])
    with tenant_scope(salon.id):
        sent = select(Media.name).join(Message, Message.id == Media.message_id)
        assert db.session.scalars(sent.where(Message.id.in_(ids))).all() == ["cut.png"]


def test_a_file_that_cannot_be_sent_is_refused_at_once(salon: Business, staff: Browser) -> None:
    refused = upload(staff, salon, "page.html", b"<html>")
    assert refused.status_code == 422 and "JPEG" in refused.json["error"]
    with tenant_scope(salon.id), pytest.raises(Refused, match="5 MB"):
        for size in (5_000_000, 300_000):
            picture = Upload("big.png", PNG + bytes(size))
            draft_files.add(None, salon.customer_id, picture, now())
    statuses = [upload(staff, salon, f"{n}.png", PNG).status_code for n in range(11)]
    assert statuses == [201] * 10 + [422]


def test_taken_back_the_file_stands_in_the_draft_again(salon: Business, staff: Browser) -> None:
    db.session.get_one(Tenant, salon.id).undo_seconds = 60
    db.session.commit()
    file = upload(staff, salon, "cut.png", PNG).json["id"]
    id_ = send(staff, salon, body="Look", file_ids=[file]).json["id"]
    keep(staff, salon, "Meanwhile")
    undone = staff.post(f"/messages/{salon.customer_id}/{id_}/undo", headers=JSON).json
    assert undone["draft"]["body"] == "Look\n\nMeanwhile"
    assert [each["name"] for each in undone["draft"]["files"]] == ["cut.png"]
    assert kept(salon) == (["Look\n\nMeanwhile"], ["cut.png"])


def test_what_is_never_sent_is_forgotten_after_two_weeks(salon: Business, staff: Browser) -> None:
    upload(staff, salon, "cut.png", PNG)
    draft_files.forget(now() + timedelta(days=13))
    assert kept(salon) == ([], ["cut.png"])
    draft_files.forget(now() + timedelta(days=15))
    assert kept(salon) == ([], [])
