"""Inbound webhooks a second, beside the least that could be called one (floor.py)."""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

from app.servers import Urls, embedded
from app.servers.kept import free_port
from bench.load import Post, posts_a_second

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
# The floor stores one row. A webhook of ours finds the person among their addresses, reads STOP,
# moves the conversation and counts, in one statement, with the product's guards around it and the
# live event after it. With less than this something else has become slow.
GOAL = 0.35


def measure() -> dict[str, object]:
    """Both in turn, several times; the best of each counts, as what disturbs only slows."""
    ours, floor = [], []
    with tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL runs as another user when we are root.
        folder.chmod(0o711)
        with (
            embedded(folder) as urls,
            served(urls, folder, "wsgi:app") as product,
            served(urls, folder, "bench.floor:app") as least,
        ):
            for _ in range(ROUNDS):
                ours.append(_rate(product.base))
                floor.append(_rate(least.base))
    ratio = max(ours) / max(floor)
    return {
        "name": "inbound webhooks",
        "ours": round(max(ours)),
        "floor": round(max(floor)),
        "unit": "a second",
        "ratio": round(ratio, 2),
        "goal": f"at least {GOAL} of the floor",
        "holds": ratio >= GOAL,
    }


def _rate(base: str) -> float:
    posts = [post(base, number) for number in range(WARM_UP + POSTS)]
    posts_a_second(base, posts[:WARM_UP])
    return posts_a_second(base, posts[WARM_UP:])


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


class Served(NamedTuple):
    base: str
    process: int


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
