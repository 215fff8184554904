"""Whoever is erased is nowhere any more: a mark in every text of every row of theirs is found in
none afterwards, while everybody else's stand as they did."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import current_app
from sqlalchemy import select

from app.customers.merging.one_person import make_one
from app.extensions import db, redis_client
from app.inbound.erased_messages import erased
from app.inbox.statistics import by_day, statistics
from app.lib.message_status import MessageStatus
from app.models import (
    AuditEntry,
    Call,
    Customer,
    CustomerMerge,
    Erasure,
    ErasureState,
    Message,
    MessageArchive,
    SavedView,
    ScheduledMessage,
)
from app.outbox.drain import drain
from app.outbox.send_later import send_due
from app.presence import Doing, tell
from app.privacy import forget_rows, rewrite_archives, transitions
from app.privacy.erase import erase_due
from app.privacy.under_way import CALLING, SENDING
from app.retention import transitions as archives
from app.retention.archive_file import checksum
from app.retention.archive_writer import ArchiveWriter
from app.tenancy import tenant_scope
from tests.exports.asked import newest, write_few, written
from tests.support import planted
from tests.support.carrier import Carrier
from tests.support.world import NOON, Business, hear, say

MARK, OTHERS = "zq7f3a@person.example", "xk9b2c@other.example"
# Where the mark cannot stand.
NO_TEXTS = {
    "chat_block.network",  # beside an address
    "import_change.what",  # the name of a table
    "opt_out.accounts",  # of Twilio, and stays with the hash
    "parked.sid",  # the beginning of it does
    "user_email.address",  # of somebody who forgot a password
}
LOOKED_AT = ("appointment_import", "unasked_address")


@pytest.fixture
def root(salon: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    named = replace(current_app.extensions["settings"], archive_dir=tmp_path)
    monkeypatch.setitem(current_app.extensions, "settings", named)
    yield tmp_path


def ask(business: Business, customer_id: int) -> None:
    with tenant_scope(business.id):
        assert transitions.ask(customer_id, "Ada", NOON)
        db.session.commit()
        db.session.remove()


def erasure(business: Business) -> Erasure:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.query(Erasure).one()


def test_nothing_of_whoever_is_erased_is_found_anywhere(
    salon: Business, garage: Business, root: Path
) -> None:
    customer_id = planted.plant(salon.id, MARK)
    planted.plant(salon.id, OTHERS)
    # The same person, at another business.
    planted.plant(garage.id, MARK)
    tell(salon.id, customer_id, 1, Doing.TYPING, NOON)
    assert planted.unplanted(MARK) == NO_TEXTS
    others, strangers = planted.found(salon.id, OTHERS), planted.of_business(garage.id)

    ask(salon, customer_id)
    erase_due(NOON)

    done = erasure(salon)
    assert (done.state, done.waits, done.unread_files) == (ErasureState.DONE, "", 0)
    assert planted.found(salon.id, MARK) == {}
    after = planted.found(salon.id, OTHERS)
    # Of an import that is over nobody needs the file; the address has been looked at.
    assert "is no number" in str(after.pop("appointment_import"))
    assert after == {name: rows for name, rows in others.items() if name not in LOOKED_AT}
    assert planted.of_business(garage.id) | {"unasked_address": []} == strangers | {
        "unasked_address": []
    }
    there = "\n".join(planted.in_redis(redis_client()))
    assert f"presence:{salon.id}:{customer_id}" not in there and MARK not in there


def names(business: Business) -> list[str]:
    with tenant_scope(business.id):
        return list(db.session.scalars(select(Customer.first_name).order_by(Customer.id)))


def test_what_is_being_sent_is_settled_first_and_nothing_else_leaves_meanwhile(
    salon: Business, garage: Business, twilio: Carrier
) -> None:
    sending = say(salon, "On its way", status=MessageStatus.SENDING)
    ask(salon, salon.customer_id)
    say(salon, "Written since", status=MessageStatus.QUEUED)
    erase_due(NOON)
    assert (erasure(salon).state, erasure(salon).waits) == (ErasureState.ASKED, SENDING)
    drain(NOON)
    send_due(NOON + timedelta(days=40_000))
    drain(NOON + timedelta(days=40_000))
    with tenant_scope(salon.id):
        bodies = {each.body: each.status for each in db.session.scalars(select(Message))}
        assert bodies["Written since"] == MessageStatus.QUEUED
        db.session.get_one(Message, sending).status = MessageStatus.DELIVERED
        db.session.commit()
    assert erase_soon(salon) == ErasureState.DONE
    drain(NOON)
    assert names(salon) == [] and names(garage) == ["Ann"]
    assert twilio.sent(salon.customer_number) == []


def erase_soon(business: Business) -> str:
    erase_due(NOON + 2 * transitions.PAUSE)
    return erasure(business).state


def test_a_call_that_goes_on_is_waited_for(salon: Business) -> None:
    with tenant_scope(salon.id):
        call = db.session.scalars(select(Call)).one()
        call.missed_at, call.outcome = None, "ringing"
        db.session.commit()
    ask(salon, salon.customer_id)
    erase_due(NOON)
    assert erasure(salon).waits == CALLING


def test_what_was_counted_stays_and_the_log_says_who_asked_and_no_name(
    salon: Business, garage: Business
) -> None:
    hear(salon, "Me again")
    with tenant_scope(salon.id):
        days = by_day(NOON.date(), NOON.date())
    ask(salon, salon.customer_id)
    erase_due(NOON)
    done = erasure(salon)
    assert done.gone["message"] == 2 and done.gone["customer"] == 1 and done.asked_by == "Ada"
    with tenant_scope(salon.id):
        assert by_day(NOON.date(), NOON.date()) == days
        assert statistics(NOON.date()).total == 0
        assert db.session.scalars(select(ScheduledMessage)).all() == []
        assert "Ann" not in str([vars(row) for row in db.session.scalars(select(AuditEntry))])
    assert names(garage) == ["Ann"]


def test_an_export_of_the_business_that_may_name_them_is_taken_back(
    salon: Business, garage: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    for business in (salon, garage):
        (root / str(business.id)).mkdir()
        written(business)
    ask(salon, salon.customer_id)
    erase_due(NOON)
    assert (newest(salon).status, newest(garage).status) == ("ended", "ready")
    assert len(list((root / str(salon.id)).iterdir())) == 0
    assert len(list((root / str(garage.id)).iterdir())) == 1


def test_a_merged_row_goes_with_who_they_turned_out_to_be(salon: Business) -> None:
    with tenant_scope(salon.id):
        twin = Customer(first_name="Anna", last_name="Maier", notes="The same, by another name")
        db.session.add(twin)
        # By the name that only the gone row had.
        db.session.add(SavedView(name="Hers", address={"q": "anna maier"}))
        db.session.add(SavedView(name="Others", address={"q": "anna"}))
        db.session.flush()
        make_one(salon.customer_id, twin.id, None, NOON)
        db.session.commit()
    db.session.remove()
    ask(salon, salon.customer_id)
    erase_due(NOON)
    assert (erasure(salon).state, names(salon)) == (ErasureState.DONE, [])
    with tenant_scope(salon.id):
        assert db.session.scalars(select(CustomerMerge)).all() == []
        views = db.session.scalars(select(SavedView.name)).all()
        assert "Others" in views
        assert "Hers" not in views


def test_who_writes_again_is_somebody_new_and_what_they_wrote_before_stays_away(
    salon: Business,
) -> None:
    with tenant_scope(salon.id):
        sid = db.session.scalars(select(Message.provider_sid)).one()
    ask(salon, salon.customer_id)
    erase_due(NOON)
    with tenant_scope(salon.id):
        assert erased([sid or "", "SM" + "9" * 32]) == {sid}
    hear(salon, "Hello again")
    with tenant_scope(salon.id):
        customer = db.session.scalars(select(Customer)).one()
        assert customer.id != salon.customer_id and customer.first_name == ""
        assert db.session.scalars(select(Message.body)).all() == ["Hello again"]


@pytest.mark.parametrize("step", ["rows", "file", "row of the file", "end"])
def test_whoever_is_killed_at_it_has_it_finished_in_the_end(
    step: str, salon: Business, garage: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> Any:
        raise Killed

    archive(salon, root)
    ask(salon, salon.customer_id)
    where: tuple[Any, str] = {
        "rows": (forget_rows, "_lessen_total"),
        "file": (rewrite_archives, "put_in_place"),
        "row of the file": (archives, "rewritten"),
        "end": (transitions, "done"),
    }[step]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(*where, die)
        erase_due(NOON)
    db.session.remove()
    # All of them, or nobody.
    assert names(salon) == (["Ann"] if step == "rows" else [])
    erase_due(NOON + transitions.LEASE / 2)
    assert erasure(salon).state != ErasureState.DONE, "somebody may be at it"
    erase_due(NOON + transitions.LEASE + timedelta(seconds=1))
    done = erasure(salon)
    assert (done.state, done.unread_files) == (ErasureState.DONE, 0)
    assert names(salon) == [] and names(garage) == ["Ann"]
    path = root / str(salon.id) / "2023-04.zip"
    with ZipFile(path) as file:
        lines = [json.loads(line) for line in file.read("messages.jsonl").splitlines()]
        assert [line["body"] for line in lines] == ["Somebody else"]
        assert [name for name in file.namelist() if name.startswith("att")] == [
            "attachments/8-b.png"
        ]
        assert b"theirs" not in b"".join(map(file.read, file.namelist()))
    with tenant_scope(salon.id):
        row = db.session.scalars(select(MessageArchive).where(MessageArchive.sha256 != "")).one()
        assert (row.sha256, row.messages, row.attachments) == (checksum(path), 1, 1)
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, f"{path.name}.sha256"]


def archive(business: Business, root: Path) -> None:
    """A file with a message of the customer's and one of somebody else's, each with a picture."""
    path = root / str(business.id) / "2023-04.zip"
    path.parent.mkdir()
    with ArchiveWriter(path, business.timezone) as file:
        for id_, whose, name, body in (
            (7, business.customer_id, "a.png", "theirs"),
            (8, business.customer_id + 1000, "b.png", "Somebody else"),
        ):
            inside = file.attach(id_, name, body.encode())
            said = {
                "id": id_,
                "at": NOON.isoformat(),
                "body": body,
                "attachments": [{"file": inside}],
            }
            about = {
                "direction": "inbound",
                "channel": "sms",
                "status": "received",
                "from": "",
                "to": "",
            }
            file.add(said | about | {"customer": {"id": whose, "name": body}})
        file.finish(business.name, "2023-04")
    with tenant_scope(business.id):
        times = {"since": NOON, "until": NOON, "begun_at": NOON}
        row = MessageArchive(name="2023-04", state="done", sha256=checksum(path), **times)
        db.session.add(row)
        db.session.commit()
