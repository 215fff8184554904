"""Statements in one packet: one transaction, whose end a connection survives."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import current_app

from app.rows import one_packet
from app.rows.one_packet import together
from tests.support.world import Business

TELL = "SELECT set_config('app.tenant', $1, true)"
ASK = "SELECT current_setting('app.tenant'), $1::int + 1"


@pytest.fixture
def connection(salon: Business) -> Iterator[psycopg.Connection[Any]]:
    url = current_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def prepared(connection: psycopg.Connection[Any]) -> int:
    known = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert known
    return int(known[0])


def test_what_the_first_tells_the_second_knows_and_nobody_after_them(
    connection: psycopg.Connection[Any],
) -> None:
    for number in range(3):
        assert together(connection, [(TELL, ["7"])], (ASK, [number])) == [[("7", number + 1)]]
    assert connection.execute("SELECT current_setting('app.tenant', true)").fetchone() == ("",)
    assert prepared(connection) == 2


@pytest.mark.parametrize("bad", [("SELECT 1 / $1::int", [0]), ("SELECT nothing", [])])
def test_what_fails_undoes_all_and_the_connection_goes_on(
    connection: psycopg.Connection[Any], bad: tuple[str, list[Any]]
) -> None:
    connection.execute("CREATE TEMPORARY TABLE note (body text)")
    for _ in range(2):
        with pytest.raises(psycopg.Error):
            together(connection, [("INSERT INTO note VALUES ($1)", ["lost"])], bad)
    wrote = "INSERT INTO note VALUES ($1) RETURNING body"
    assert together(connection, [(TELL, ["7"])], (wrote, ["kept"])) == [[("kept",)]]
    assert connection.execute("SELECT body FROM note").fetchall() == [("kept",)]


def test_a_value_that_cannot_be_written_sends_nothing(
    connection: psycopg.Connection[Any],
) -> None:
    with pytest.raises(psycopg.Error):
        together(connection, [(TELL, ["7"])], (ASK, [object()]))
    assert together(connection, [(TELL, ["7"])], (ASK, [1])) == [[("7", 2)]]


def test_a_connection_that_ended_is_told_as_psycopg_tells_it(
    connection: psycopg.Connection[Any],
) -> None:
    with pytest.raises(psycopg.OperationalError):
        together(connection, [(TELL, ["7"])], ("SELECT pg_terminate_backend(pg_backend_pid())", []))
    assert connection.closed


def test_a_connection_whose_answer_is_not_read_to_its_end_is_closed(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_pgconn: object) -> None:
        raise MemoryError

    monkeypatch.setattr(one_packet, "_answers", broken)
    with pytest.raises(MemoryError):
        together(connection, [(TELL, ["7"])], (ASK, [1]))
    assert connection.closed


def test_where_nothing_may_be_prepared_or_enough_is_nothing_is(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_packet, "MOST", 1)
    assert together(connection, [(TELL, ["7"])], (ASK, [1])) == [[("7", 2)]]
    assert prepared(connection) <= 2
    connection.prepare_threshold = None
    before = prepared(connection)
    assert together(connection, [(TELL, ["8"])], ("SELECT 5", [])) == [[(5,)]]
    assert prepared(connection) == before
