"""Somebody who wants the rows that go: `python -m bench.retention.onlooker` holds a conversation
and messages, again and again, until its input ends; prints how many ms that took at the longest."""

import os
import select
import sys
import time
from random import Random

import psycopg

HOLD = (
    "SELECT FROM conversation WHERE tenant_id = 1 AND customer_id = %s FOR UPDATE",
    "SELECT FROM message WHERE tenant_id = 1 AND customer_id = %s ORDER BY id LIMIT 5 FOR UPDATE",
)


def main(customers: int) -> None:
    chance, longest = Random(1), 0.0  # noqa: S311
    with psycopg.connect(os.environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        while not select.select([sys.stdin], [], [], 0.002)[0]:
            begun, whose = time.perf_counter(), chance.randint(1, customers)
            for statement in HOLD:
                connection.execute(statement, [whose])
            longest = max(longest, time.perf_counter() - begun)
            connection.rollback()
    print(1000 * longest)


if __name__ == "__main__":
    main(int(sys.argv[1]))
