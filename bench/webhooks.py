"""Signed inbound webhooks beside the least that could be called one (floor.py), in turn:
`python -m bench.webhooks`."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psycopg
import requests
from twilio.request_validator import RequestValidator

from app.servers import Urls, embedded
from app.servers.kept import free_port
from bench.alone import own_folder
from bench.load import Post, answered, posts_a_second
from bench.processor import cpu_seconds, postmaster

PATH = "/api/twilio/salon/sms"
TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105
TENANT = [
    "tenant",
    "create",
    "--slug",
    "salon",
    "--name",
    "Salon",
    "--timezone",
    "America/New_York",
]
WARM_UP, POSTS, ROUNDS = 500, 3000, 3
MOST_OF_POSTGRESQL = 0.5


class Served(NamedTuple):
    base: str
    process: int


class Cost(NamedTuple):
    rate: float
    """Answered a second."""
    web: float
    """Milliseconds of the processor's time that one takes of the web."""
    database: float
    """The same of PostgreSQL."""
    p99: float
    """Milliseconds within which 99 of 100 are answered."""

    @property
    def cpu(self) -> float:
        return self.web + self.database


def measure() -> Iterator[dict[str, object]]:
    """Both in turn, several times; the best of each counts, as what disturbs only slows."""
    with (
        own_folder() as folder,
        embedded(folder) as urls,
        served(urls, folder, "wsgi:app") as product,
        served(urls, folder, "bench.floor:app") as floor,
    ):
        process = postmaster(folder)
        _settle(urls, product, floor)
        turns = [(cost_of(product, process), cost_of(floor, process)) for _ in range(ROUNDS)]
    ours, least = (_best(costs) for costs in zip(*turns, strict=True))
    yield _at_least(0.75, ours.rate, least.rate)
    yield _at_most("CPU", 1.35, ours.cpu, least.cpu)
    yield _at_most("p99", 1.5, ours.p99, least.p99)
    yield _at_most("PostgreSQL's share", None, ours.database, least.database)


def _settle(urls: Urls, *programs: Served) -> None:
    """Let PostgreSQL know its tables, as autovacuum does within a minute: of empty ones it cannot
    tell which index is the better one."""
    for program in programs:
        posts_a_second(program.base, [post(program.base, number) for number in range(WARM_UP)])
    with psycopg.connect(urls.database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE")


def cost_of(program: Served, database: int) -> Cost:
    """Of POSTS to it, by the processor's time of PostgreSQL's process."""
    posts = [post(program.base, number) for number in range(WARM_UP + POSTS)]
    posts_a_second(program.base, posts[:WARM_UP])
    web, postgresql = cpu_seconds(program.process), cpu_seconds(database)
    done = answered(program.base, posts[WARM_UP:])
    web, postgresql = cpu_seconds(program.process) - web, cpu_seconds(database) - postgresql
    return Cost(done.rate, web / POSTS * 1000, postgresql / POSTS * 1000, done.p99 * 1000)


def _best(costs: Sequence[Cost]) -> Cost:
    rates, *others = zip(*costs, strict=True)
    return Cost(max(rates), *map(min, others))


def _at_least(goal: float, ours: float, floor: float) -> dict[str, object]:
    return {
        "name": "inbound webhooks",
        "ours": round(ours),
        "floor": round(floor),
        "unit": "a second",
        "ratio": round(ours / floor, 2),
        "goal": f"at least {goal} of the floor",
        "holds": ours >= goal * floor,
    }


def _at_most(what: str, goal: float | None, ours: float, floor: float) -> dict[str, object]:
    """goal: times the floor; None: MOST_OF_POSTGRESQL."""
    return {
        "name": f"inbound webhooks: {what}",
        "ours": round(ours, 2),
        "floor": round(floor, 2),
        "unit": "ms",
        "ratio": round(ours / floor, 2),
        "goal": f"at most {goal} of the floor" if goal else f"at most {MOST_OF_POSTGRESQL} ms",
        "holds": ours <= (goal * floor if goal else MOST_OF_POSTGRESQL),
    }


def post(base: str, number: int) -> Post:
    form = {
        "MessageSid": f"SM{uuid.uuid4().hex}",
        "AccountSid": "AC" + "1" * 32,
        "From": f"+1212555{number % 1000:04d}",
        "To": "+14155550100",
        "Body": f"Can I come at {number % 12 + 1} instead?",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "FromCity": "NEW YORK",
        "FromState": "NY",
        "ApiVersion": "2010-04-01",
    }
    headers = {
        "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(base + PATH, form),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return PATH, urlencode(form).encode(), headers


@contextmanager
def served(urls: Urls, folder: Path, app: str, **settings: str) -> Iterator[Served]:
    """The program at an address of its own, on a migrated database with the salon in it."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
        "DATABASE_URL": urls.database,
        "REDIS_URL": urls.redis,
        "SECRET_KEY": "a-secret-of-the-bench-and-of-nobody-else",
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": base,
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        **settings,
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for command in (["db", "upgrade"], TENANT):
        subprocess.run([*flask, *command], env=env, capture_output=True, check=False)
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", app]
    process = subprocess.Popen(gunicorn, env=env, stderr=subprocess.DEVNULL)
    try:
        _wait(base)
        yield Served(base, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(base: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            requests.get(base, timeout=2)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{base} does not answer")


if __name__ == "__main__":
    for each in measure():
        print(each, flush=True)
