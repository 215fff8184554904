"""An export has every row of its business once and none of another's, whoever is killed meanwhile;
and it is there for a week."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.exports import work_exports, write_export
from app.exports.export_rows import following
from app.exports.exported_kinds import KINDS
from app.exports.prepare_export import AnotherOne
from app.extensions import db
from app.lib import shutdown
from app.models import Customer, Media, Message, OptOut, User, UserEmail
from app.tenancy import tenant_scope
from tests.admin_views.reading import everybodys, rows
from tests.exports.asked import archive, asked, lines, newest, table, write_few, written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business, hear, say

WEEK = timedelta(days=7)


class Killed(BaseException):
    pass


def test_everything_of_a_business_is_in_it_and_nothing_of_anothers(
    salon: Business, garage: Business, root: Path
) -> None:
    say(salon, "=See you,\nsoon “there”")
    with tenant_scope(salon.id):
        for number in range(3):
            stop = OptOut(channel="sms", address=f"+1212555900{number}", since=NOON)
            stop.tenant_id = salon.id
            db.session.add(stop)
        db.session.commit()
        picture = db.session.scalars(select(Media.content)).one()
    export = written(salon)
    assert export.status == "ready" and export.ends_at is not None
    assert timedelta() <= export.ends_at - NOON - WEEK < timedelta(minutes=1)
    assert export.done == export.total == sum(export.counts.values()) + 1
    path = archive(root, salon)
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing else is left"

    assert [each["body"] for each in lines(path, "messages")] == [
        "Hello from salon",
        "=See you,\nsoon “there”",
    ]
    assert [each["body"] for each in table(path, "messages")] == [
        "Hello from salon",
        "'=See you,\nsoon “there”",
    ]
    assert lines(path, "messages")[0]["created_at"] == "2026-11-18T12:00:00-05:00"
    assert [each["name"] for each in lines(path, "business")] == ["Bella's Salon"]
    assert len(table(path, "opt_outs")) == 3
    [attachment] = table(path, "attachments")
    with ZipFile(path) as file:
        assert file.testzip() is None
        assert file.read(attachment["file"]) == picture
        assert "messages: 2 rows." in file.read("README.txt").decode()
        whole = b"\n".join(file.read(name) for name in file.namelist())
        assert {f"csv/{name}.csv" for name in KINDS} < set(file.namelist())
    assert b"garage" not in whole and garage.customer_number.encode() not in whole
    assert {row["id"] for row in lines(path, "customers")} == {
        each.id for each in rows(salon, Customer)
    }


@pytest.mark.parametrize("deaths", (1, 2, 5))
def test_each_row_is_there_once_whoever_is_killed_meanwhile(
    salon: Business, root: Path, monkeypatch: pytest.MonkeyPatch, deaths: int
) -> None:
    """With what is on the disk by then, and not committed: at other steps each time."""
    for number in range(5):
        hear(salon, f"Message {number}", at=NOON + timedelta(minutes=number))
    write_few(monkeypatch, at_once=2)
    monkeypatch.setattr(work_exports, "TURN_SECONDS", 0.0)
    steps = 0

    def die() -> None:
        nonlocal steps
        steps += 1
        if steps % (deaths + 2) == 0:
            raise Killed

    for name in ("_batch", "_part"):
        real = getattr(write_export._Turn, name)

        def step(*given: Any, real: Any = real) -> bool:
            more: bool = real(*given)
            die()
            return more

        monkeypatch.setattr(write_export._Turn, name, step)
    asked(salon)
    killed = 0
    while newest(salon).status == "writing":
        try:
            work_exports.work(NOON)
        except Killed:
            killed += 1
            db.session.rollback()
            db.session.remove()
    assert killed
    path = archive(root, salon)
    with tenant_scope(salon.id):
        ids = list(db.session.scalars(select(Message.id).order_by(Message.id)))
    assert len(ids) == 6
    assert [each["id"] for each in lines(path, "messages")] == ids
    assert [int(each["id"]) for each in table(path, "messages")] == ids
    assert newest(salon).done == newest(salon).total
    with ZipFile(path) as file:
        assert file.testzip() is None
        assert len(set(file.namelist())) == len(file.namelist())


def test_each_business_has_its_turn(
    salon: Business, garage: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    monkeypatch.setattr(work_exports, "TURN_SECONDS", 0.0)
    asked(salon)
    asked(garage)
    order: list[int] = []
    real = write_export.write

    def note(export: object, *given: object) -> None:
        order.append(export.tenant_id)  # type: ignore[attr-defined]
        real(export, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(work_exports, "write", note)
    work_exports.work(NOON)
    assert order[:2] == order[2:4] and {*order[:2]} == {salon.id, garage.id}
    assert [newest(each).status for each in (salon, garage)] == ["ready", "ready"]
    assert b"salon" not in ZipFile(archive(root, garage)).read("json/messages.jsonl")


def test_one_is_under_way_at_a_time(
    salon: Business, garage: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    asked(salon)
    asked(garage)
    with pytest.raises(AnotherOne):
        asked(salon)
    work_exports.work(NOON)
    assert asked(salon).status == "writing"


def test_after_a_week_the_file_is_deleted(
    salon: Business, garage: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    written(salon)
    path = archive(root, salon)
    written(garage, NOON + timedelta(days=1))
    work_exports.work(NOON + WEEK - timedelta(minutes=1))
    assert path.is_file()
    work_exports.work(NOON + WEEK + timedelta(minutes=1))
    assert not path.exists() and newest(salon).status == "ended"
    assert archive(root, garage).is_file() and newest(garage).status == "ready"


def test_what_breaks_is_tried_again_and_given_up_in_the_end(
    salon: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    real = write_export.following
    monkeypatch.setattr(write_export, "following", lambda *_: 1 / 0)
    asked(salon)
    work_exports.work(NOON)
    work_exports.work(NOON + timedelta(seconds=29))
    assert newest(salon).faults == 1, "it rests for a while"
    monkeypatch.setattr(write_export, "following", real)
    work_exports.work(NOON + timedelta(minutes=1))
    assert (newest(salon).status, newest(salon).faults) == ("ready", 0)

    monkeypatch.setattr(write_export, "following", lambda *_: 1 / 0)
    asked(salon)
    for minute in range(work_exports.MOST_FAULTS):
        work_exports.work(NOON + timedelta(minutes=minute))
    assert newest(salon).status == "failed" and "start the export again" in newest(salon).error
    assert not archive(root, salon).exists()


def test_whoever_is_asked_to_end_leaves_the_rest_to_the_next(
    salon: Business, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_few(monkeypatch)
    asked(salon)
    monkeypatch.setattr(shutdown, "_asked_at", 1.0)
    work_exports.work(NOON)
    assert newest(salon).status == "writing"
    monkeypatch.setattr(shutdown, "_asked_at", None)
    work_exports.work(NOON)
    assert newest(salon).status == "ready"


def test_all_admins_are_told_and_nobody_else(
    salon: Business,
    garage: Business,
    root: Path,
    post: Mailboxes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_few(monkeypatch)
    written(salon)
    [email] = [each for each in everybodys(UserEmail) if each.kind == "export_ready"]
    [admin] = [each for each in rows(salon, User) if each.email == salon.admin]
    assert (email.user_id, email.values["until"]) == (admin.id, "2026-11-25")


def test_rows_of_a_stranger_are_not_read(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        for name, kind in KINDS.items():
            read, _ = following(kind, None, ZoneInfo("UTC"))
            assert "garage" not in str(read), name
            if kind.key:
                first = ["" if each.type.python_type is str else 0 for each in kind.key]
                assert following(kind, first, ZoneInfo("UTC"))[0] == read, name
