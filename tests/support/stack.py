"""The whole product as it really runs: web, worker, scheduler and simulator, each a process."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import requests
from sqlalchemy.engine import make_url

from app.servers import Urls
from app.servers.kept import free_port

PROJECT = Path(__file__).parent.parent.parent
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--graceful-timeout", "1")
SIMULATOR = ("--workers", "1", "--threads", "16", "app.simulator.wsgi:app")
# Another of Valkey's sixteen than that which the other tests empty.
OWN_REDIS = 7
# Starts a process of the product by the name of its module, and its arguments.
Start = Callable[..., "subprocess.Popen[bytes]"]


@dataclass(frozen=True)
class Stack:
    """Where the running product and its simulator are."""

    web: str
    simulator: str
    database: str
    redis: str

    def simulate(self, method: str, path: str, **body: Any) -> Any:
        """Call the simulator's control API; what it answers."""
        answer = requests.request(
            method, f"{self.simulator}/simulator/{path}", json=body, timeout=5
        )
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def running(urls: Urls, folder: Path, *seed: str) -> Iterator[Stack]:
    """The product on an empty database of its own, filled by the command `seed`."""
    env = _environment(urls, folder)
    stack = Stack(env["PUBLIC_URL"], env["TWILIO_API_URL"], env["DATABASE_URL"], env["REDIS_URL"])
    with ExitStack() as parts, (folder / "stack.log").open("wb") as log:
        _start(parts, log, env, *GUNICORN, "--bind", _address(stack.simulator), *SIMULATOR)
        subprocess.run(seed, cwd=PROJECT, env=env, stdout=log, stderr=log, check=True)
        _start(parts, log, env, *GUNICORN, "--bind", _address(stack.web), "wsgi:app")
        _start(parts, log, env, sys.executable, "-m", "app.streams")
        _start(parts, log, env, sys.executable, "-m", "jobs.worker")
        _start(parts, log, env, sys.executable, "-m", "jobs.schedule")
        until(lambda: _answers(f"{stack.simulator}/health"))
        introduce = (sys.executable, "-m", "flask", "--app", "wsgi", "introduce")
        subprocess.run(introduce, cwd=PROJECT, env=env, stdout=log, stderr=log, check=True)
        until(lambda: _answers(f"{stack.web}/health/ready"))
        yield stack


def until(holds: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for the condition; an AssertionError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def _environment(urls: Urls, folder: Path) -> dict[str, str]:
    web, simulator, mail, live = (free_port() for _ in range(4))
    return {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
        "DATABASE_URL": _own_database(urls.database),
        "REDIS_URL": f"{urls.redis.rpartition('/')[0]}/{OWN_REDIS}",
        "SECRET_KEY": "a-secret-of-the-browser-tests-and-of-nobody-else",
        "VAR_DIR": str(folder),
        "ARCHIVE_DIR": str(folder / "archive"),
        "PORT": str(web),
        "LIVE_PORT": str(live),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "WEB_CONCURRENCY": "1",
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        "TWILIO_API_URL": f"http://127.0.0.1:{simulator}",
        "ALLOWED_PRIVATE_NETWORKS": f"127.0.0.1:{simulator},127.0.0.2",
        "SIMULATOR_DIR": str(folder / "simulator"),
        "SIMULATOR_STATUS_DELAY": "0.05",
        "SIMULATOR_SMTP_PORT": str(mail),
        "DNS_SERVER": f"127.0.0.1:{mail}",
        "SMTP_URL": f"smtp://simulator:simulator@127.0.0.1:{mail}",
        "EMAIL_FROM": "messages@kaivox.example",
        "PYTHONUNBUFFERED": "1",
    }


def _own_database(url: str) -> str:
    """A new database beside the given one, which other tests empty."""
    there = make_url(url).set(drivername="postgresql")
    name = f"stack_{uuid.uuid4().hex}"
    with psycopg.connect(there.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    return there.set(database=name).render_as_string(hide_password=False)


def _start(parts: ExitStack, log: Any, env: Mapping[str, str], *command: str) -> None:
    process = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=log)
    parts.callback(_stop, process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _address(url: str) -> str:
    return url.removeprefix("http://")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.ConnectionError:
        return False
