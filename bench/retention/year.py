"""A salon that keeps its messages for a year, two months before its oldest are so old: `python -m
bench.retention.year` lets ten months pass, and prints JSON."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import flask_migrate
import psycopg
from flask import current_app

import wsgi
from app import onboarding
from app.extensions import db
from app.lib.time.clock import now
from app.models import Role, Tenant
from app.retention.archive_night import archive_messages
from app.retention.compact import compact
from app.retention.kept_period import kept_since
from app.retention.pace import Pace
from app.tenancy import tenant_scope
from bench.crowd import PASSWORD, SALON, STAFF, business
from bench.pages.generate import generate

MESSAGES, CONVERSATIONS = 20_000, 2_000
# Every fiftieth has a picture of 20 KB, which nothing makes smaller.
READY = """
UPDATE conversation SET waiting_since = NULL, unread_count = 0, closed_at = now();
INSERT INTO message_words (tenant_id, message_id, customer_id, at, words)
    SELECT tenant_id, id, customer_id, created_at, message_lexemes(tenant_id, customer_id,
        author_id, direction, channel, subject, body) FROM message;
INSERT INTO media (tenant_id, message_id, position, url, content_type, state, fetch_after, content)
    SELECT tenant_id, id, 0, '', 'image/jpeg', 'stored', created_at, (
        SELECT string_agg(uuid_send(gen_random_uuid()), '') FROM generate_series(1, 1250)
        WHERE message.id > 0
    ) FROM message WHERE id % 50 = 0
"""
TABLES = ("message", "message_words", "received_email", "media")
SIZE = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS of (name)"
OLD = "SELECT count(*) FROM message WHERE created_at < %s"
# The least: what is left, by one statement that holds all of it to its end.
AT_ONCE = "DELETE FROM message WHERE tenant_id = 1"
LISTENS = 10


def main() -> None:
    app = wsgi.build()
    with app.app_context():
        flask_migrate.upgrade()
        salon = business("salon", SALON)
        with tenant_scope(salon.id):
            onboarding.create_user(STAFF, PASSWORD, Role.STAFF, salon)
        url = str(current_app.config["SQLALCHEMY_DATABASE_URI"]).replace("+psycopg", "")
        generate(url, MESSAGES, CONVERSATIONS)
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(READY)
            database.execute("VACUUM ANALYZE")
            print(json.dumps(_measured(database, salon.id)))


def _measured(database: psycopg.Connection[Any], tenant_id: int) -> dict[str, float]:
    night = _night()
    before = _keep_a_year(tenant_id, night)
    told = {"full": _size(database), "idle_ms": _while(lambda: time.sleep(LISTENS))}
    deleting, moving = Pace(), Pace(fewest=1)
    begun, total = time.perf_counter(), _old(database, before)
    told["wait_ms"] = _while(lambda: _pass(night, database, before, deleting))
    gone, seconds = total - _old(database, before), time.perf_counter() - begun
    database.execute("VACUUM ANALYZE")
    told |= {"vacuumed": _size(database), "gone": gone, "rate": gone / seconds}
    told["moving_wait_ms"] = _while(lambda: _compact(moving))
    told |= {
        "disk": _size(database),
        "floor_rate": _at_once(database),
        "moved_ms": 1000 * moving.longest,
    }
    told["lock_ms"] = 1000 * deleting.longest
    return told | {"left": told["full"] * (1 - gone / MESSAGES)}


def _night() -> datetime:
    """Two in the morning in New York, ten months from now."""
    day = now() + timedelta(days=300)
    return day.replace(day=2, hour=7, minute=0, second=0, microsecond=0)


def _keep_a_year(tenant_id: int, night: datetime) -> datetime:
    """From when on messages stay."""
    salon = db.session.get_one(Tenant, tenant_id)
    salon.messages_kept_years = 1
    before = kept_since(salon, night) or night
    db.session.commit()
    return before


def _pass(night: datetime, database: psycopg.Connection[Any], before: datetime, pace: Pace) -> None:
    """Until nothing is left, a time slice after the other."""
    while _old(database, before):
        archive_messages(night, pace)


def _while(work: Callable[[], object]) -> float:
    """The longest that an onlooker waited meanwhile, in ms."""
    command = (sys.executable, "-m", "bench.retention.onlooker", str(CONVERSATIONS))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as onlooker:
        work()
        told, _ = onlooker.communicate(b"\n")
    return float(told)


def _compact(pace: Pace) -> None:
    for table, before, after in compact(pace):
        print(f"{table}: {before / 1e6:.1f} MB, now {after / 1e6:.1f}", file=sys.stderr)


def _at_once(database: psycopg.Connection[Any]) -> float:
    """How many a second."""
    begun = time.perf_counter()
    gone = database.execute(AT_ONCE).rowcount
    return gone / (time.perf_counter() - begun)


def _size(database: psycopg.Connection[Any]) -> float:
    return float(_asked(database, SIZE, list(TABLES)))


def _old(database: psycopg.Connection[Any], before: datetime) -> int:
    return int(_asked(database, OLD, before))


def _asked(database: psycopg.Connection[Any], query: str, value: object) -> Any:
    row = database.execute(query, [value]).fetchone()
    return row[0] if row else 0


if __name__ == "__main__":
    main()
