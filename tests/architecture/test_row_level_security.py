"""PostgreSQL's own wall: with the session hook taken away, nothing of another tenant is reached.

What requests come to without the hook is in test_hostile.py.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Integer, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.channels import CHANNELS
from app.extensions import db, direct_engine
from app.inbound import incoming_calls, receive
from app.inbound.statement import store
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Customer, Message, User
from app.prepared import Prepared, given
from app.providers.contract import CallReport, Received
from app.tenancy import tenant_scope, unscoped
from tests.architecture.probes import Onlooker, without_the_hook
from tests.architecture.test_tenants_tables import owned_tables
from tests.support.world import NOON, Business, sid

NOW_TOLD = "SELECT current_user, current_setting('app.tenant', true)"


@pytest.fixture
def hook_off() -> Iterator[None]:
    with without_the_hook():
        yield


def test_no_statement_of_the_session_changes_a_strangers_row(
    salon: Business, garage: Business, onlooker: Onlooker, hook_off: None
) -> None:
    theirs = "SELECT md5(string_agg(c::text, '')) FROM customer c WHERE tenant_id = :id"
    before = onlooker.ask(theirs, id=garage.id)
    with tenant_scope(salon.id):
        db.session.execute(update(Customer).values(notes="ours"))
        db.session.execute(delete(Message))
        db.session.commit()
        db.session.add(Customer(tenant_id=garage.id))
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.commit()
        db.session.rollback()
        moved = update(Customer).values(tenant_id=garage.id)
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.execute(moved)
        db.session.rollback()
        assert db.session.scalars(select(Customer.notes)).all() == ["ours"]
    assert onlooker.ask(theirs, id=garage.id) == before
    messages = "SELECT count(*) FROM message WHERE tenant_id = :id"
    assert onlooker.ask(messages, id=garage.id) == [(1,)]
    assert onlooker.ask(messages, id=salon.id) == [(0,)]


def _tenants(table: str) -> set[int | None]:
    """Whose rows of the table a statement sees that nobody narrows."""
    return set(db.session.scalars(text(f'SELECT DISTINCT tenant_id FROM "{table}"')))


def test_a_statement_that_nobody_narrows_sees_the_tenant_in_scope_alone(
    salon: Business, garage: Business, operator: object
) -> None:
    tables = [table.name for table in owned_tables()]
    with unscoped("a test"):
        everybody = {name: _tenants(name) for name in tables}
    filled = [name for name in tables if {salon.id, garage.id} <= everybody[name]]
    assert len(filled) > 10, "there are rows to be seen"
    for business in (salon, garage):
        with tenant_scope(business.id):
            assert {name: _tenants(name) for name in filled} == {
                name: {business.id} for name in filled
            }
    seen = {name: _tenants(name) for name in tables}
    assert seen["user"] == {None}, "platform admins belong to nobody"
    assert set().union(*seen.values()) == {None}


def test_what_is_told_follows_the_scope_within_a_transaction(
    salon: Business, garage: Business
) -> None:
    def told() -> tuple[str, str]:
        row = db.session.execute(text(NOW_TOLD)).one()
        return row[0], row[1]

    assert told() == ("kaivox_tenant", "0")
    with tenant_scope(salon.id):
        assert told() == ("kaivox_tenant", str(salon.id))
        with unscoped("a test"):
            assert told() == ("kaivox_all", "0")
        assert told() == ("kaivox_tenant", str(salon.id))
        with db.session.begin_nested(), unscoped("a test"):
            assert told() == ("kaivox_all", "0")
        assert told() == ("kaivox_tenant", str(salon.id))
    with tenant_scope(garage.id):
        assert told() == ("kaivox_tenant", str(garage.id))
    assert told() == ("kaivox_tenant", "0")


@pytest.mark.parametrize("end", ["SELECT 1", "SELECT 1/0"])
def test_a_savepoint_that_is_taken_back_takes_no_wall_with_it(
    salon: Business, garage: Business, end: str
) -> None:
    with unscoped("a test"):
        savepoint = db.session.begin_nested()
        assert _tenants("customer") == {salon.id, garage.id}
    with tenant_scope(salon.id):
        assert _tenants("customer") == {salon.id}
        with suppress(DBAPIError):
            db.session.execute(text(end))
        savepoint.rollback()
        assert _tenants("customer") == {salon.id}, "before the savepoint it saw all"


def test_a_statement_that_was_never_sent_has_told_nothing(
    salon: Business, garage: Business
) -> None:
    """A value that the driver cannot write stops it before what goes with it is told, too."""
    found = Prepared(int, select(Customer.id).where(Customer.id == given("id", Integer())))
    with unscoped("a test"):
        assert _tenants("customer") == {salon.id, garage.id}
    with tenant_scope(salon.id):
        with pytest.raises(DBAPIError):
            found.all(id=object())
        assert _tenants("customer") == {salon.id}, "before, it saw all"


def test_a_connection_hands_nothing_on_to_whoever_is_next(salon: Business) -> None:
    pool = db.engine.pool
    db.session.remove()
    for work in ("SELECT 1", "SELECT 1/0", "SELECT pg_terminate_backend(pg_backend_pid())"):
        for end in (db.session.commit, db.session.rollback, db.session.remove):
            with tenant_scope(salon.id), unscoped("a test"):
                try:
                    db.session.execute(text(work))
                except DBAPIError:
                    db.session.rollback()
                end()
            db.session.remove()
            with pool.connect() as bare:  # type: ignore[attr-defined]
                found = bare.cursor().execute(NOW_TOLD).fetchone()
                assert found[0] == "kaivox" and not found[1], (work, found)
            assert _tenants("customer") == set()
            db.session.remove()


def test_the_webhooks_connections_hand_nothing_on_either(salon: Business) -> None:
    with direct_engine().connect() as connection:
        with tenant_scope(salon.id):
            assert connection.exec_driver_sql(NOW_TOLD).one()[1] == str(salon.id)
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql("SELECT 1/0")
        assert connection.exec_driver_sql(NOW_TOLD).one() == ("kaivox_tenant", "0")
        bare = connection.connection.cursor().execute(NOW_TOLD).fetchone()
        assert bare[0] == "kaivox" and not bare[1]


def test_a_webhooks_statement_that_names_another_tenant_changes_nothing(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    told = Received(sid(), salon.customer_number, (), salon.number, "", "Hello", ())
    message = receive.parameters(garage.route, CHANNELS["sms"], told, NOON) | {"recovered": False}
    rings = CallReport(sid(), "+12125550142", salon.number, CallOutcome.MISSED)
    call = incoming_calls.parameters(garage.route, rings, NOON) | {"most": None}
    before = onlooker.picture()
    for statement, values in ((receive.STATEMENT, message), (incoming_calls.STATEMENT, call)):
        assert values["tenant"] == garage.id
        with pytest.raises(ProgrammingError) as refused:
            store(statement, salon.id, values)
        assert isinstance(refused.value.orig, InsufficientPrivilege)
        assert onlooker.picture() == before
        assert store(statement, garage.id, values), "its own takes it"
        before = onlooker.picture()


def test_a_search_finds_the_tenants_own_customers(
    salon: Business, garage: Business, hook_off: None
) -> None:
    """The functions that no policy binds narrow by themselves."""

    def found(business: Business) -> list[int]:
        clauses = literal([["nann*"]], JSONB)
        return list(db.session.scalars(select(func.customers_found(business.id, clauses, 9))))

    for ours, theirs in ((salon, garage), (garage, salon)):
        with tenant_scope(ours.id):
            assert found(ours) == [ours.customer_id]
            assert found(theirs) == []
    assert found(salon) == []


def test_a_platform_admin_is_read_again_within_a_business(
    salon: Business, operator: object
) -> None:
    with unscoped("a test"):
        person = db.session.scalars(select(User).where(User.tenant_id.is_(None))).one()
    with tenant_scope(salon.id):
        db.session.commit()
        assert person.role == "platform_admin"
        assert set(db.session.scalars(select(User.tenant_id))) == {salon.id}
