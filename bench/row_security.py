"""What row-level security costs: the same program with it and without, in turn, on one database.

`python -m bench.row_security` measures this alone. What counts is the processor's time of web and
PostgreSQL together, which another program on the machine disturbs less than the clock's.
"""

import http.cookiejar
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psycopg

from app.servers import Urls, embedded
from bench.alone import own_folder
from bench.load import posts_a_second
from bench.processor import cpu_seconds, postmaster
from bench.webhooks import Served, post, served

WEBHOOKS, PAGES, ROUNDS = 64, 8, 150
TENANTS, CUSTOMERS, MESSAGES = 20, 500, 5
MOST = 1.05
STAFF, PASSWORD = "staff@salon.example", "correct-horse-battery"
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
OTHERS = f"""
INSERT INTO tenant (slug, name, timezone, country)
    SELECT 'other-' || n, 'Other', 'UTC', 'US' FROM generate_series(2, {TENANTS}) n;
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT t.id, 'Ann ' || n, 'Becker' FROM tenant t, generate_series(1, {CUSTOMERS}) n;
INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT tenant_id, id, 'sms', '+1646' || lpad(id::text, 7, '0') FROM customer;
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT tenant_id, id, 'sms', 'inbound', 'received', 'Hello ' || n, '+1646', '+1415'
    FROM customer, generate_series(1, {MESSAGES}) n;
INSERT INTO conversation (tenant_id, customer_id, last_message_at, last_message_id, last_channel,
        last_direction, preview, unread_count)
    SELECT tenant_id, customer_id, now(), max(id), 'sms', 'inbound', 'Hello', 1
    FROM message GROUP BY tenant_id, customer_id;
"""  # noqa: S608


def measure() -> Iterator[dict[str, object]]:
    """The median of many short turns of each, with the two always in turn."""
    with own_folder() as folder, _both(folder) as (wall, none, database):
        yield _compared("a webhook", WEBHOOKS, _webhooks, wall, none, database)
        yield _compared("the inbox page", PAGES, _pages, wall, none, database)


@contextmanager
def _both(folder: Path) -> Iterator[tuple[Served, Served, int]]:
    alone = {"WEB_CONCURRENCY": "1"}
    with (
        embedded(folder) as urls,
        served(urls, folder, "wsgi:app", ROW_LEVEL_SECURITY="auto", **alone) as wall,
    ):
        _fill(urls, folder)
        with served(urls, folder, "wsgi:app", ROW_LEVEL_SECURITY="off", **alone) as none:
            yield wall, none, postmaster(folder)


def _fill(urls: Urls, folder: Path) -> None:
    env = {**os.environ, "DATABASE_URL": urls.database, "REDIS_URL": urls.redis}
    env["VAR_DIR"] = str(folder)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "user", "create", "--email", STAFF]
    command += ["--role", "staff", "--tenant", "salon", "--password", PASSWORD]
    subprocess.run(command, env=env, check=True, capture_output=True)
    with psycopg.connect(urls.database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(OTHERS, prepare=False)
        connection.execute("VACUUM ANALYZE")


def _compared(
    what: str,
    count: int,
    work: Callable[[str], Callable[[], None]],
    wall: Served,
    none: Served,
    database: int,
) -> dict[str, object]:
    spent: dict[Served, list[float]] = {wall: [], none: []}
    turns = {each: work(each.base) for each in spent}
    for turn in range(ROUNDS + 1):
        for each in (wall, none) if turn % 2 else (none, wall):
            before = cpu_seconds(each.process) + cpu_seconds(database)
            turns[each]()
            took = cpu_seconds(each.process) + cpu_seconds(database) - before
            # The first is for what is made once: connections, plans, templates.
            spent[each] += [took / count * 1000] if turn else []
    ratio = statistics.median(spent[wall]) / statistics.median(spent[none])
    return {
        "name": f"row-level security: {what}",
        "ours": round(statistics.median(spent[wall]), 3),
        "floor": round(statistics.median(spent[none]), 3),
        "unit": "ms of CPU, web and PostgreSQL",
        "ratio": round(ratio, 3),
        "goal": f"at most {MOST} of what it costs without",
        "holds": ratio <= MOST,
    }


def _webhooks(base: str) -> Callable[[], None]:
    def turn() -> None:
        posts_a_second(base, [post(base, number) for number in range(WEBHOOKS)])

    return turn


def _pages(base: str) -> Callable[[], None]:
    browser = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = {"email": STAFF, "password": PASSWORD, "csrf_token": _token(browser, base)}
    browser.open(f"{base}/login", urlencode(form).encode(), timeout=10).close()

    def turn() -> None:
        for _ in range(PAGES):
            with browser.open(f"{base}/messages", timeout=10) as page:
                if b"Can I come at" not in page.read():
                    raise RuntimeError("the inbox is not shown")

    return turn


def _token(browser: OpenerDirector, base: str) -> str:
    with browser.open(f"{base}/login", timeout=10) as page:
        found = FIELD.search(page.read().decode())
    if not found:
        raise RuntimeError("the sign-in has no form")
    return found.group(1)


if __name__ == "__main__":
    for each in measure():
        print(each, flush=True)
