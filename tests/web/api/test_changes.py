"""What was changed since a time, and what is no more: nothing is missed, whoever changed it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from marshmallow import fields
from sqlalchemy import delete, select, text

from app.api_keys.change_marks import KNOWN_FOR, forget
from app.customers.merging import one_person
from app.extensions import db
from app.lib.time.clock import now
from app.models import ChangeMark, Customer, Label, OptOut, Tenant
from app.tenancy import tenant_scope, unscoped
from app.web.api.resources import RESOURCES
from tests.support import owner
from tests.support.world import Business, hear
from tests.web.api.conftest import Program

TELLING = [each for each in RESOURCES if each.tells_changes]
# What the API reckons from others of the row.
FOLLOWS = {"id", "created_at", "ends_at", "contact_points"}


def since(program: Program, name: str, moment: Any, more: str = "") -> Any:
    answer = program.get(f"{name}?updated_since={quote(str(moment))}{more}")
    assert answer.status_code == 200, answer.text
    return answer.json


def begun() -> str:
    return now().isoformat()


def ids(said: Any, what: str = "data") -> list[int]:
    return [int(each["id"]) for each in said[what]]


@pytest.mark.parametrize("resource", TELLING, ids=lambda each: each.name)
def test_what_stood_there_before_counts_as_changed_and_a_strangers_does_not(
    program: Program, stranger: Program, resource: Any
) -> None:
    ours = {each["id"] for each in program.get(resource.name).json["data"]}
    found = since(program, resource.name, now() - timedelta(days=100))
    assert {each["id"] for each in found["data"]} == ours and not found["removed"]
    assert found["next_cursor"] is None
    theirs = since(stranger, resource.name, now() - timedelta(days=100))["data"]
    assert theirs and not ours & {each["id"] for each in theirs}


@pytest.mark.parametrize("resource", TELLING, ids=lambda each: each.name)
def test_each_column_that_is_told_is_marked_when_it_changes(app: object, resource: Any) -> None:
    shown = resource.shown().fields.items()
    told = {f.attribute or name for name, f in shown if not isinstance(f, fields.Method)}
    marked = text(
        "SELECT attname FROM pg_trigger JOIN pg_attribute ON attrelid = tgrelid"
        " AND attnum = ANY (tgattr) WHERE tgname = 'mark_change'"
        " AND tgrelid = CAST(:name AS regclass)"
    )
    with owner.engine().connect() as connection:
        columns = connection.execute(marked, {"name": resource.model.__tablename__}).scalars().all()
    assert told - FOLLOWS <= set(columns)


def test_a_change_by_anybody_is_told_and_nothing_else(salon: Business, program: Program) -> None:
    hear(salon, "Hello", number="+13475550001")
    moment = begun()
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).notes = "Comes by bike"
        db.session.commit()
    found = since(program, "customers", moment)
    assert ids(found) == [salon.customer_id] and found["data"][0]["notes"] == "Comes by bike"
    assert since(program, "appointments", moment)["data"] == []


def test_who_becomes_known_says_stop_or_gets_an_address_has_changed(
    salon: Business, garage: Business, program: Program, stranger: Program
) -> None:
    moment = begun()
    hear(salon, "Hello", number="+13475550001")
    [newcomer] = ids(since(program, "customers", moment))
    moment = begun()
    hear(salon, "STOP", number="+13475550001")
    [told] = since(program, "customers", moment)["data"]
    assert int(told["id"]) == newcomer and told["contact_points"][0]["stopped"]
    moment = begun()
    with tenant_scope(salon.id):
        db.session.execute(
            delete(OptOut).where(OptOut.address == "+13475550001"),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
    assert ids(since(program, "customers", moment)) == [newcomer]
    assert since(stranger, "customers", moment)["data"] == []


def test_what_was_deleted_or_merged_is_removed(salon: Business, program: Program) -> None:
    hear(salon, "Hello", number="+13475550001")
    moment = begun()
    with tenant_scope(salon.id):
        label = db.session.scalars(select(Label).order_by(Label.id)).first()
        assert label
        label_id = label.id
        db.session.delete(label)
        db.session.commit()
        other = db.session.scalars(
            select(Customer.id).where(Customer.id != salon.customer_id)
        ).one()
        one_person.make_one(salon.customer_id, other, None, now())
        db.session.commit()
    found = since(program, "labels", moment)
    assert (ids(found), ids(found, "removed")) == ([], [label_id])
    found = since(program, "customers", moment)
    assert salon.customer_id in ids(found) and ids(found, "removed") == [other]


def test_what_no_longer_fits_the_filters_is_removed_from_that_list(
    salon: Business, program: Program
) -> None:
    one = program.patch(f"customers/{salon.customer_id}", {"external_id": "one"})
    assert one.status_code == 200
    moment = begun()
    program.patch(f"customers/{salon.customer_id}", {"external_id": "two"})
    assert ids(since(program, "customers", moment, "&external_id=two")) == [salon.customer_id]
    gone = since(program, "customers", moment, "&external_id=one")
    assert (ids(gone), ids(gone, "removed")) == ([], [salon.customer_id])


def test_pages_follow_each_other_and_what_changes_meanwhile_comes_at_their_end(
    salon: Business, program: Program
) -> None:
    moment = begun()
    with tenant_scope(salon.id):
        db.session.add_all(Label(name=f"Label {n}") for n in range(5))
        db.session.commit()
    first = since(program, "labels", moment, "&limit=2")
    with tenant_scope(salon.id):
        db.session.get_one(Label, ids(first)[0]).name = "Renamed"
        db.session.commit()
    found, page = ids(first), first
    while page["next_cursor"]:
        page = since(program, "labels", moment, f"&limit=2&cursor={page['next_cursor']}")
        assert page["updated_until"] == first["updated_until"]
        found += ids(page)
    assert len(found) == 6 and found[-1] == found[0] and len(set(found)) == 5


def test_what_a_transaction_brings_later_is_in_the_next_answer(
    salon: Business, program: Program
) -> None:
    with owner.engine().connect().execution_options(isolation_level="READ COMMITTED") as slow:
        insert = text("INSERT INTO label (tenant_id, name, colour) VALUES (:whose, 'Late', 'red')")
        slow.execute(insert, {"whose": salon.id})
        meanwhile = since(program, "labels", begun())
        slow.commit()
    assert [each["name"] for each in since(program, "labels", meanwhile["updated_until"])["data"]]


@pytest.mark.parametrize("wrong", ["yesterday", "", "2026-01-01", "1999-01-01T00:00:00Z", "9" * 30])
def test_a_time_that_is_none_or_long_ago_is_refused(program: Program, wrong: str) -> None:
    answer = program.get(f"labels?updated_since={wrong}")
    assert answer.status_code == 400 and "updated_since" in answer.json["detail"]


@pytest.mark.parametrize(
    "more", ["order=desc", "order=", "cursor=x", "cursor=MQ", "limit=0", "nonsense=1"]
)
def test_what_does_not_go_with_it_is_refused(program: Program, more: str) -> None:
    assert program.get(f"labels?updated_since={quote(begun())}&{more}").status_code == 400


def test_a_list_without_marks_has_no_such_filter(program: Program) -> None:
    assert program.get(f"calls?updated_since={quote(begun())}").status_code == 400


def test_what_is_long_gone_is_forgotten_and_what_stands_is_not(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(Label), execution_options={"synchronize_session": False})
        db.session.commit()
    for later, gone in ((KNOWN_FOR - timedelta(days=1), True), (KNOWN_FOR * 2, False)):
        forget(now() + later)
        with unscoped("tests"):
            marks = select(ChangeMark).where(ChangeMark.tenant_id == salon.id)
            kept = db.session.scalars(marks).all()
            assert any(mark.gone for mark in kept) == gone
            assert any(mark.kind == "customer" for mark in kept)


def test_a_business_that_is_deleted_leaves_nothing(salon: Business, garage: Business) -> None:
    with unscoped("tests"):
        db.session.execute(
            delete(Tenant).where(Tenant.id == garage.id),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
        whose = select(ChangeMark.tenant_id).distinct()
        assert db.session.scalars(whose).all() == [salon.id]
