"""Old messages are archived to files, and then deleted: none before it is in a file, none that
somebody has to see to, and none of another business."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest
from flask import current_app
from sqlalchemy import func, select, update

from app.extensions import db
from app.inbox import conversation_commands
from app.inbox.conversation_log import By
from app.inbox.statistics import by_day, statistics
from app.lib.message_status import MessageStatus
from app.models import (
    ArchiveState,
    Conversation,
    Customer,
    Media,
    Message,
    MessageArchive,
    MessageWords,
    Note,
    Rollup,
    RollupChange,
    Tenant,
)
from app.retention import archive_night, delete_archived, transitions
from app.retention.archive_night import archive_messages
from app.retention.delete_archived import delete_some, some_left
from app.retention.kept_period import kept_since
from app.retention.mend_conversations import mend
from app.retention.pace import Pace
from app.search import indexing
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.world import NOON, Business, hear, say

# Two in the morning in New York, where a year ago was the 1st of December 2027.
NIGHT = datetime(2028, 12, 2, 7, 0, tzinfo=UTC)
LATER = NIGHT + transitions.LEASE + timedelta(minutes=1)


@pytest.fixture
def archives(salon: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the salon's, which keeps messages for a year; the garage for ever."""
    before = current_app.extensions["settings"]
    named = replace(before, archive_dir=tmp_path)
    monkeypatch.setitem(current_app.extensions, "settings", named)
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.messages_kept_years, tenant.messages_kept_set_at = 1, NOON
    db.session.commit()
    yield tmp_path / str(salon.id)


def close(business: Business) -> None:
    with tenant_scope(business.id):
        for customer_id in db.session.scalars(select(Customer.id)).all():
            conversation_commands.close(customer_id, By(), NOON)
        db.session.commit()
    indexing.index(NOON)


def bodies(business: Business) -> list[str]:
    with tenant_scope(business.id):
        return list(db.session.scalars(select(Message.body).order_by(Message.id)))


def archived(path: Path) -> list[str]:
    with ZipFile(path) as file:
        return [json.loads(line)["body"] for line in file.read("messages.jsonl").splitlines()]


def rows(business: Business) -> list[MessageArchive]:
    with tenant_scope(business.id):
        made = MessageArchive.begun_at > NOON
        query = select(MessageArchive).where(made).order_by(MessageArchive.id)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))


def counted(business: Business) -> dict[str, int]:
    """What the reports tell, of whichever of their two tables."""
    total: dict[str, int] = {}
    with tenant_scope(business.id):
        for kind in (Rollup, RollupChange):
            for what, many in db.session.execute(select(kind.what, kind.total)):
                total[what] = total.get(what, 0) + many
    return {what: many for what, many in total.items() if many}


def test_a_month_is_archived_whole_and_then_deleted(
    salon: Business, garage: Business, archives: Path
) -> None:
    say(salon, "=See you", status=MessageStatus.DELIVERED, at=NOON + timedelta(minutes=5))
    recent = NOON + timedelta(days=400)
    hear(salon, "Bye", number="+12125550888", at=NOON + timedelta(minutes=6))
    hear(salon, "A month ago", number="+12125550777", at=recent)
    close(salon)
    close(garage)
    told = counted(salon)
    with tenant_scope(salon.id):
        days = by_day(NOON.date(), recent.date())
        picture = db.session.scalars(select(Media.content)).one()
    archive_messages(NIGHT + timedelta(hours=8))
    assert "Hello from salon" in bodies(salon), "by day nothing goes"
    archive_messages(NIGHT)

    assert sorted(path.name for path in archives.iterdir()) == ["2026-11.zip", "2026-11.zip.sha256"]
    path = archives / "2026-11.zip"
    assert archived(path) == ["Hello from salon", "=See you", "Bye"]
    with ZipFile(path) as file:
        said = [json.loads(line) for line in file.read("messages.jsonl").splitlines()]
        [attachment] = said[0]["attachments"]
        assert file.read(attachment["file"]) == picture
        sheet = list(csv.DictReader(io.StringIO(file.read("messages.csv").decode("utf-8-sig"))))
        assert [row["time"] for row in sheet] == [
            f"2026-11-18 12:0{minute}" for minute in (0, 5, 6)
        ]
        assert sheet[1]["text"] == "'=See you"
        assert "Bella's Salon" in file.read("README.txt").decode()
    [row] = rows(salon)
    assert (row.state, row.messages, row.attachments, row.deleted) == (ArchiveState.DONE, 3, 1, 3)
    assert row.sha256 == sha256(path.read_bytes()).hexdigest()
    assert (archives / "2026-11.zip.sha256").read_text() == f"{row.sha256}  2026-11.zip\n"
    assert said[0]["customer"] == {"id": salon.customer_id, "name": said[0]["customer"]["name"]}
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0

    assert bodies(salon) == ["A month ago"] and bodies(garage) == ["Hello from garage"]
    assert rows(garage) == []
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Media.id)).all() == []
        assert len(db.session.scalars(select(MessageWords.message_id)).all()) == 1
        shown = dict(
            db.session.execute(select(Conversation.customer_id, Conversation.preview)).all()
        )
        # Something is to be sent to the one, the other goes from the inbox and stays a customer.
        assert shown[salon.customer_id] == "Earlier messages are archived" and len(shown) == 2
        assert len(db.session.scalars(select(Customer.id)).all()) == 3
        assert db.session.scalars(select(Note.body)).all() == ["Note of salon"]
        assert statistics(date(2028, 12, 2)).total == 1
        assert by_day(NOON.date(), recent.date()) == days, "reports tell what was"
    assert counted(salon) == told

    archive_messages(NIGHT + timedelta(minutes=1))
    assert len(rows(salon)) == 1, "there is nothing left to do"


def test_nothing_goes_on_the_day_that_it_was_chosen_nor_without_a_folder(
    salon: Business, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(salon)
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.messages_kept_set_at = NIGHT - timedelta(hours=23)
    db.session.commit()
    archive_messages(NIGHT)
    settings = replace(current_app.extensions["settings"], archive_dir=None)
    monkeypatch.setitem(current_app.extensions, "settings", settings)
    archive_messages(NIGHT + timedelta(hours=24))
    assert bodies(salon) == ["Hello from salon"] and not archives.exists()


def test_what_somebody_has_to_see_to_stays(salon: Business, archives: Path) -> None:
    say(salon, "failed", status=MessageStatus.FAILED)
    say(salon, "queued", status=MessageStatus.QUEUED)
    say(salon, "delivered", status=MessageStatus.DELIVERED)
    close(salon)
    hear(salon, "Anybody there?", number="+12125550777")
    indexing.index(NOON + timedelta(minutes=2))
    with tenant_scope(salon.id):
        db.session.execute(update(Media).values(state="waiting"))
        db.session.commit()
    archive_messages(NIGHT)
    assert bodies(salon) == ["Hello from salon", "failed", "queued", "Anybody there?"]
    assert archived(archives / "2026-11.zip") == ["delivered"]
    # Once that is done it goes, too, into a file of its own.
    with tenant_scope(salon.id):
        db.session.execute(update(Media).values(state="stored"))
        lost = update(Message).where(Message.status == MessageStatus.FAILED)
        db.session.execute(lost.values(dealt_with=True))
        db.session.commit()
    archive_messages(NIGHT + timedelta(days=1))
    assert bodies(salon) == ["queued", "Anybody there?"]
    assert archived(archives / "2026-11-2.zip") == ["Hello from salon", "failed"]


def test_a_conversation_shows_the_latest_that_is_left(salon: Business, archives: Path) -> None:
    close(salon)
    later = NOON + timedelta(days=400)
    reminder = say(salon, "Your reminder", status=MessageStatus.DELIVERED, at=later)
    indexing.index(later)
    archive_messages(NIGHT)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        assert (talk.last_message_id, talk.preview) == (reminder, "Your reminder")
        assert (talk.last_direction, talk.last_message_at) == ("automatic", later)


class Killed(BaseException):
    """As by SIGKILL: nothing is put right after it."""


def kill(*_args: object, **_named: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("app.retention.write_archive", "put_in_place"),
        ("app.retention.transitions", "written"),
        ("app.retention.archive_night", "delete_some"),
        ("app.retention.transitions", "done"),
    ],
)
def test_whoever_dies_at_it_has_lost_nothing_and_the_next_goes_on(
    salon: Business, archives: Path, monkeypatch: pytest.MonkeyPatch, where: str, what: str
) -> None:
    close(salon)
    with monkeypatch.context() as killing:
        killing.setattr(f"{where}.{what}", kill)
        with pytest.raises(Killed):
            archive_messages(NIGHT)
    db.session.remove()
    # Its lease still holds.
    archive_messages(NIGHT + timedelta(minutes=1))
    assert len(rows(salon)) == 1
    archive_messages(LATER)
    assert bodies(salon) == []
    [row] = rows(salon)
    assert (row.state, row.deleted) == (ArchiveState.DONE, 1)
    assert archived(archives / "2026-11.zip") == ["Hello from salon"]
    assert len(list(archives.iterdir())) == 2


def test_of_a_file_that_is_not_what_was_written_nothing_is_deleted(
    salon: Business, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(salon)
    with monkeypatch.context() as killing:
        killing.setattr(archive_night, "delete_some", kill)
        with pytest.raises(Killed):
            archive_messages(NIGHT)
    db.session.remove()
    path = archives / "2026-11.zip"
    path.write_bytes(path.read_bytes()[:-1])
    archive_messages(LATER)
    assert bodies(salon) == ["Hello from salon"]
    archive_messages(NIGHT + timedelta(days=1))
    assert bodies(salon) == [] and archived(archives / "2026-11-2.zip") == ["Hello from salon"]


MANY = """
WITH said AS (
    INSERT INTO message (
        tenant_id, customer_id, channel, direction, status, body, sender, recipient, created_at
    )
    SELECT {tenant}, {customer}, 'sms', 'inbound', 'received', 'Number ' || n, '+1', '+1',
        '2026-11-18'::timestamptz + n * interval '1 second'
    FROM generate_series(1, {many}) n
    RETURNING *
)
INSERT INTO message_words (tenant_id, message_id, customer_id, at, words)
SELECT tenant_id, id, customer_id, created_at, '' FROM said
"""


def test_thousands_go_in_batches_and_nobody_is_waited_for(salon: Business, archives: Path) -> None:
    close(salon)
    many = 600
    owner.run(MANY.format(tenant=salon.id, customer=salon.customer_id, many=many))
    with tenant_scope(salon.id):
        tenant, pace = db.session.get_one(Tenant, salon.id), Pace()
        ids, before = db.session.scalars(select(Message.id)).all(), kept_since(tenant, NIGHT)
        assert before == datetime(2027, 12, 1, 5, tzinfo=UTC)
        db.session.rollback()
        url = owner.engine().url.set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as other:
            locked = "SELECT FROM conversation WHERE tenant_id = %s FOR UPDATE"
            other.execute(locked, [salon.id])
            assert sum(delete_some(ids, before, pace)) == 0, "staff has it in hand: it is left"
        assert some_left(ids, before)
        gone = list(delete_some(ids, before, pace))
        assert (sum(gone), len(gone) > 1) == (many + 1, True), "no batch is larger than 500"
        assert not some_left(ids, before)
        assert pace.longest > 0, "how long, bench/retention holds"


def test_a_batch_whose_connection_is_ended_is_done_anew(
    salon: Business, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PostgreSQL ends that of a program which does not go on, with rows in hand."""
    close(salon)
    first = [True]

    def ended(*args: Any) -> None:
        if first and first.pop():
            pid = db.session.scalar(select(func.pg_backend_pid()))
            owner.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        mend(*args)

    monkeypatch.setattr(delete_archived, "mend", ended)
    archive_messages(NIGHT)
    assert bodies(salon) == [] and len(rows(salon)) == 1
