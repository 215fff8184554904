"""A business with a million messages, by COPY: `python -m bench.pages.generate`, with DATABASE_URL.

The database is migrated, and has the business, its one user and no other rows. Indexes and foreign
keys of the messages are taken away, and made again at the end: once is a quarter of the time.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import click
import psycopg

from bench.pages import rows

MESSAGES, CONVERSATIONS = 1_000_000, 100_000
# Of one customer: a thread that has grown for years.
LONGEST = 5_800
CHUNK = 5_000
# What takes each away, and what makes it again.
MADE_LATER = """
SELECT format('ALTER TABLE message DROP CONSTRAINT %I', conname),
    format('ALTER TABLE message ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'message'::regclass AND contype = 'f'
UNION ALL SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = 'message'::regclass AND NOT indisunique
"""

WORDS = """
ALTER TABLE customer {how} TRIGGER customer_is_new;
ALTER TABLE contact_point {how} TRIGGER contact_point_is_other
"""


def generate(database: str, messages: int = MESSAGES, conversations: int = CONVERSATIONS) -> None:
    """Fill the business: customers, what they wrote and were written, and a diary."""
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        people, all_ = _ids(conversations), conversations
        # Their words are the worker's: bench/search.py has it write them.
        connection.execute(WORDS.format(how="DISABLE"), prepare=False)
        _many(connection, "customer", rows.CUSTOMER, map(rows.customer, people), all_)
        _many(connection, "contact_point", rows.CONTACT, map(rows.contact, people), all_)
        connection.execute(WORDS.format(how="ENABLE"), prepare=False)
        last = _messages(connection, messages, conversations)
        _many(connection, "conversation", rows.CONVERSATION, map(rows.conversation, last), all_)
        connection.execute(rows.DIARY, prepare=False)
        connection.execute(rows.SUMMED)
        for table in rows.COUNTED:
            connection.execute(rows.SEQUENCE.format(table=table))
        connection.execute("VACUUM ANALYZE")


def _ids(count: int) -> Sequence[int]:
    return range(1, count + 1)


def _messages(
    connection: psycopg.Connection[Any], count: int, conversations: int
) -> list[rows.Said]:
    """All messages, oldest first; the last of each customer."""
    last: dict[int, rows.Said] = {}
    later = connection.execute(MADE_LATER).fetchall()
    for taken_away, _ in later:
        connection.execute(taken_away)
    _many(connection, "message", rows.MESSAGE, _talk(count, conversations, last), count)
    for _, made in later:
        connection.execute(made)
    return list(last.values())


def _talk(count: int, conversations: int, last: dict[int, rows.Said]) -> Iterator[str]:
    chance, now = Random(1), datetime.now(UTC)  # noqa: S311
    every, step = max(count // min(LONGEST, count), 1), timedelta(days=365) / count
    for number in _ids(count):
        # Everybody once, then whoever comes; and one of them again and again.
        anybody = number if number <= conversations else chance.randint(1, conversations)
        who = 1 if number % every == 0 else anybody
        said = rows.Said(number, who, now - step * (count - number))
        last[who] = said
        yield rows.message(said)


def _many(
    connection: psycopg.Connection[Any],
    table: str,
    columns: str,
    lines: Iterator[str],
    count: int,
) -> None:
    with (
        connection.cursor() as cursor,
        click.progressbar(length=count, label=f"{table:14}", file=sys.stderr) as bar,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        while chunk := list(islice(lines, CHUNK)):
            copy.write("".join(chunk))
            bar.update(len(chunk))


if __name__ == "__main__":
    generate(os.environ["DATABASE_URL"], *map(int, sys.argv[1:]))
