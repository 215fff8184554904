"""The search of a business with a million messages: what an answer costs."""

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import psycopg
import requests

from app.servers import embedded
from bench.alone import own_folder
from bench.pages.generate import CONVERSATIONS, MESSAGES, generate
from bench.processor import cpu_seconds, postmaster
from bench.webhooks import Served, served

STAFF, PASSWORD = "staff@salon.example", "bench-search-2026"
# Nobody else is called so, and nothing else says it.
RARE = """
UPDATE customer SET first_name = 'Xanthippe', last_name = 'Quill' WHERE id = 777;
UPDATE message SET body = 'Two crates of zanzibar please' WHERE id IN (4321, 54321);
INSERT INTO search_mark (id, settled_id, seen_id, seen_xid, messages_left, customers_left)
    VALUES (1, {last}, 0, 0, {last}, {customers}) ON CONFLICT (id) DO UPDATE SET
    settled_id = excluded.settled_id, messages_left = excluded.messages_left,
    customers_left = excluded.customers_left
"""
QUERIES = {"a rare name": "xanthippe", "a rare word": "zanzibar", "a common word": "saturday"}
TURNS = 40
GOAL_MS = 10.0
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def measure() -> list[dict[str, object]]:
    """The median answer for each, beside one for which there is nothing to look for."""
    with (
        own_folder() as folder,
        embedded(folder) as urls,
        served(urls, folder, "wsgi:app") as product,
    ):
        _fill(urls.database, urls.redis, folder)
        with requests.Session() as browser:
            _sign_in(browser, product.base)
            database = postmaster(folder)
            floor = _median(browser, product, database, "")
            took = {
                what: _median(browser, product, database, query) for what, query in QUERIES.items()
            }
    return [_row(what, ms, floor) for what, ms in took.items()]


def _row(what: str, ms: float, floor: float) -> dict[str, object]:
    return {
        "name": f"search for {what} among {MESSAGES:,} messages",
        "ours": round(ms, 1),
        "floor": round(floor, 1),
        "unit": "ms of CPU, web and PostgreSQL, the median",
        "ratio": round(ms / floor, 2),
        "goal": f"at most {GOAL_MS:g} ms",
        "holds": ms <= GOAL_MS,
    }


def _fill(database: str, redis: str, folder: Path) -> None:
    env = {**os.environ, "DATABASE_URL": database, "REDIS_URL": redis, "VAR_DIR": str(folder)}
    env |= {"SECRET_KEY": "a-secret-of-the-bench-and-of-nobody-else", "PUBLIC_URL": "http://a.test"}
    user = ["user", "create", "--email", STAFF, "--role", "staff", "--tenant", "salon"]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, *user, "--password", PASSWORD], env=env, check=True)
    generate(database, MESSAGES, CONVERSATIONS)
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        rare = RARE.format(last=MESSAGES, customers=CONVERSATIONS)
        connection.execute(rare, prepare=False)
        subprocess.run([sys.executable, "-m", "bench.search"], env=env, check=True)
        connection.execute("VACUUM ANALYZE")


def _sign_in(browser: requests.Session, base: str) -> None:
    token = FIELD.findall(browser.get(f"{base}/login", timeout=10).text)[0]
    form = {"email": STAFF, "password": PASSWORD, "csrf_token": token}
    browser.post(f"{base}/login", form, timeout=10).raise_for_status()
    browser.headers["Accept"] = "application/json"


def _median(browser: requests.Session, product: Served, database: int, query: str) -> float:
    """Milliseconds of the processor's time, web and PostgreSQL together."""
    took = []
    for _ in range(TURNS):
        before = cpu_seconds(product.process) + cpu_seconds(database)
        answer = browser.get(f"{product.base}/messages/search", params={"q": query}, timeout=10)
        took.append(cpu_seconds(product.process) + cpu_seconds(database) - before)
        if bool(query) != bool(answer.json()["customers"] or answer.json()["messages"]):
            raise RuntimeError(f"“{query}” finds what it should not, or nothing")
    return statistics.median(took) * 1000


def _index() -> None:
    """All that is there, as the worker would."""
    import wsgi
    from app.lib.time.clock import now
    from app.search import indexing

    with wsgi.build(dict(os.environ)).app_context():
        while indexing.index(now()):
            pass


if __name__ == "__main__":
    _index()
