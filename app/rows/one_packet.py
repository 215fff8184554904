"""Statements that are sent together, and answered together.

psycopg's pipeline sends each of them by itself, and its end once more: for every packet PostgreSQL
is woken, and a thread waits for its turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from psycopg import Connection, adapt, errors
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import PyFormat
from psycopg.generators import fetch, send
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Asked = tuple[str, Sequence[Any]]
"""A statement, and the values of its numbers."""

# Statements that a connection keeps prepared, each with one kind of values.
MOST = 500
FAILED = ExecStatus.FATAL_ERROR


class _Statement(NamedTuple):
    sql: str
    values: Sequence[Any]
    types: tuple[int, ...]
    formats: Sequence[Any]


@dataclass(eq=False)
class _Kept:
    """What a connection keeps from one packet to the next."""

    transformer: Transformer
    names: dict[tuple[object, ...], bytes] = field(default_factory=dict)


_kept: WeakKeyDictionary[Connection[Any], _Kept] = WeakKeyDictionary()
_numbers = count()


def together(
    connection: Connection[Any], before: Sequence[Asked], *statements: Asked
) -> list[list[tuple[Any, ...]]]:
    """What each of the statements finds, behind those that are only said before. All are one
    transaction, or part of the one that is open, on a connection whose BEGIN is its user's
    (psycopg's autocommit). Raises psycopg's errors."""
    kept = _kept.get(connection)
    if kept is None:
        kept = _kept[connection] = _Kept(adapt.Transformer.from_context(connection))
    with connection.lock:
        # All is written before anything is sent.
        written = [_written(kept.transformer, *each) for each in (*before, *statements)]
        results = connection.wait(_run(connection, kept.names, written))
        return [_rows(kept.transformer, each) for each in results[len(before) :]]


def _rows(transformer: Transformer, result: PGresult) -> list[tuple[Any, ...]]:
    transformer.set_pgresult(result)
    try:
        return transformer.load_rows(0, result.ntuples, tuple)
    finally:
        transformer.set_pgresult(None)


def _written(transformer: Transformer, sql: str, values: Sequence[Any]) -> _Statement:
    dumped = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
    types, formats = transformer.types or (), transformer.formats or ()
    return _Statement(sql, dumped, tuple(types), formats)


def _run(
    connection: Connection[Any],
    known: dict[tuple[object, ...], bytes],
    statements: Sequence[_Statement],
) -> PQGen[list[PGresult]]:
    pgconn = connection.pgconn
    pgconn.enter_pipeline_mode()
    try:
        new = [_send(connection, known, each) for each in statements]
        pgconn.pipeline_sync()
        if pgconn.flush():
            yield from send(pgconn)
        results = yield from _answers(pgconn)
    except BaseException:
        # What was not read would be taken for the answer to whoever is next.
        pgconn.finish()
        raise
    pgconn.exit_pipeline_mode()
    for each in results:
        if each.status == FAILED:
            raise errors.error_from_result(each)
    known.update(filter(None, new))
    # What is prepared first is answered by itself.
    answers = iter(results)
    return [(next(answers), next(answers))[1] if each else next(answers) for each in new]


def _send(
    connection: Connection[Any], known: dict[tuple[object, ...], bytes], what: _Statement
) -> tuple[tuple[object, ...], bytes] | None:
    """By its name, where the connection keeps any; what is new of these."""
    pgconn, key = connection.pgconn, (what.sql, what.types)
    if connection.prepare_threshold is None or (key not in known and len(known) >= MOST):
        pgconn.send_query_params(what.sql.encode(), what.values, what.types, what.formats)
        return None
    name = known.get(key)
    if name is None:
        # What fails leaves its name behind: no other gets it.
        name = b"together_%d" % next(_numbers)
        pgconn.send_prepare(name, what.sql.encode(), what.types)
    pgconn.send_query_prepared(name, what.values, what.formats)
    return None if key in known else (key, name)


def _answers(pgconn: PGconn) -> PQGen[list[PGresult]]:
    """All, up to the end of what was sent."""
    results: list[PGresult] = []
    while True:
        result = yield from fetch(pgconn)
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)
