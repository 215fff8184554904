"""Servers of our own, and the zygote with the parts: what a run is played on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests
from redis import Redis

from app.servers import kept, process
from app.servers.postgres import Postgres
from app.servers.process import launched
from app.servers.valkey import Valkey
from app.tasks import WorkerQueue

PROJECT = Path(__file__).parent.parent
ACCOUNT = "AC" + "1" * 32
TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 (the simulator's)
WORKERS = ("worker", "slow-worker")
PARTS = ("web", *WORKERS, "scheduler")


class Hangs(Exception):
    """Something did not happen in time; the text says what."""


@dataclass
class Stage:
    """The product on servers, and what is asked of them. All calls come from the main thread: with
    it the servers end."""

    folder: Path
    zygote: "subprocess.Popen[str]"
    environ: dict[str, str]
    keep: bool = field(default=False, kw_only=True)
    """Whether the folder stays, for its logs."""

    @property
    def web(self) -> str:
        return self.environ["PUBLIC_URL"]

    @property
    def simulator(self) -> str:
        return self.environ["TWILIO_API_URL"]

    @property
    def database_url(self) -> str:
        """As psycopg takes it."""
        return self.environ["DATABASE_URL"].replace("+psycopg", "")

    def tell(self, do: str, **command: Any) -> dict[str, Any]:
        """Let the zygote do something; what it answers."""
        assert self.zygote.stdin and self.zygote.stdout  # noqa: S101 (pipes, as asked for)
        self.zygote.stdin.write(json.dumps({"do": do, **command}) + "\n")
        self.zygote.stdin.flush()
        line = self.zygote.stdout.readline()
        if not line:
            raise Hangs("the zygote is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def run(self, role: str) -> None:
        if self.tell("run", role=role, environ=self.environ)["code"] != 0:
            log = self.folder / f"{role}.log"
            raise Hangs(f"{role} failed: {process.last_line(log)}")

    def control(self, method: str, path: str, **body: Any) -> Any:
        """The simulator's control API."""
        url = f"{self.simulator}/simulator/{path}"
        answer = requests.request(method, url, json=body or None, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def sql(self, query: Any, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the run's database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def named(self, query: Any, **values: Any) -> list[tuple[Any, ...]]:
        """The same, with values by their names."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def explain(self) -> list[str]:
        """What may keep the product from going on."""
        with Redis.from_url(self.environ["REDIS_URL"]) as client:
            jobs = [client.llen(f"rq:queue:{queue}") for queue in WorkerQueue]
            scheduled = client.zrange("rq:scheduler:scheduled_jobs", 0, -1, withscores=True)
            lock, held = client.get("rq:scheduler_lock"), client.ttl("rq:scheduler_lock")
            workers = client.scard("rq:workers")
        rows = self.sql(
            "SELECT status::text, attempts, checks, now(), send_after, lease_until, error"
            " FROM message WHERE status IN ('queued', 'sending', 'checking') LIMIT 5"
        )
        sessions = self.sql(
            "SELECT state, wait_event, now() - state_change, left(query, 80) FROM pg_stat_activity"
            " WHERE state <> 'idle' AND pid <> pg_backend_pid()"
        )
        queue = f"{time.time():.0f}: {jobs} jobs, {workers} workers, {scheduled}, {lock!r} {held} s"
        return [queue, *(str(each) for each in [*rows, *sessions])]

    def ready(self) -> bool:
        """Whether the web answers."""
        return answers(f"{self.web}/health/ready")

    def flush_redis(self) -> None:
        with Redis.from_url(self.environ["REDIS_URL"]) as client:
            client.flushall()

    def hurry(self, *jobs: str) -> None:
        """The timetable's jobs are due now: the scheduler puts back what is missing."""
        with Redis.from_url(self.environ["REDIS_URL"]) as client:
            client.zrem("rq:scheduler:scheduled_jobs", *jobs)


@dataclass
class OneMachine(Stage):
    """One server of each kind, which can be stopped."""

    postgres: Postgres
    valkey: Valkey
    database: "process.Process"
    redis: "process.Process"

    def stop_database(self) -> None:
        """At once, without a checkpoint ("immediate"): as if the machine lost its power."""
        self.database.send_signal(signal.SIGQUIT)
        self.database.wait()

    def start_database(self) -> None:
        self.database = _started(self.postgres)
        process.wait_until_ready(self.postgres, self.database)

    def restart_redis_empty(self) -> None:
        self.redis.kill()
        self.redis.wait()
        shutil.rmtree(self.valkey.folder)
        self.redis = _started(self.valkey)
        process.wait_until_ready(self.valkey, self.redis)


@contextmanager
def set_up() -> Iterator[OneMachine]:
    """Everything started but the parts, the town built; all gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="kaivox-faults-"))
    # PostgreSQL runs as another user when we are root.
    folder.chmod(0o711)
    with ExitStack() as stack:
        stack.callback(lambda: stage.keep or shutil.rmtree(folder, ignore_errors=True))
        postgres, valkey = Postgres(folder), Valkey(folder)
        zygote = start_zygote(folder)
        stack.callback(end_zygote, zygote)
        database, redis = _started(postgres), _started(valkey)
        stage = OneMachine(folder, zygote, {}, postgres, valkey, database, redis)
        stack.callback(lambda: process.stop(stage.redis, valkey.stop_signal))
        stack.callback(lambda: process.stop(stage.database, signal.SIGQUIT))
        process.wait_until_ready(postgres, database)
        process.wait_until_ready(valkey, redis)
        stage.environ = _environment(stage)
        stage.run("seed")
        stage.tell("start", name="simulator", environ=stage.environ)
        until(lambda: answers(f"{stage.simulator}/health"), 20, "the simulator does not start")
        yield stage


def until(holds: Any, seconds: float, otherwise: str, every: float = 0.05) -> None:
    """Wait for the condition. Raises Hangs."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Hangs(otherwise)
        time.sleep(every)


def start_parts(stage: Stage, names: Iterable[str] = PARTS) -> None:
    for name in names:
        stage.tell("start", name=name, environ=stage.environ)
    until(stage.ready, 20, "the web does not start")


def end_parts(stage: Stage, names: Iterable[str], patience: float) -> None:
    """Those of them that run are asked to end, and do not start again."""
    for name in names:
        stage.tell("end", name=name, patience=patience)


def stop_parts(stage: Stage) -> None:
    for name in PARTS:
        stage.tell("stop", name=name)


def _started(server: process.Server) -> process.Process:
    server.prepare()
    return process.start(server)


def start_zygote(folder: Path) -> "subprocess.Popen[str]":
    log = (folder / "zygote.log").open("wb")
    with log:
        return subprocess.Popen(
            launched([sys.executable, "-m", "faults.zygote", str(folder)], signal.SIGKILL),
            cwd=PROJECT,
            env=bare(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def end_zygote(zygote: "subprocess.Popen[str]") -> None:
    if zygote.stdin:
        zygote.stdin.close()
    try:
        zygote.wait(5)
    except subprocess.TimeoutExpired:
        zygote.kill()
        zygote.wait()
    if zygote.stdout:
        zygote.stdout.close()


def bare() -> dict[str, str]:
    """None of the settings of whoever starts the run."""
    wanted = ("PATH", "HOME", "LANG")
    return {key: os.environ[key] for key in wanted if key in os.environ}


def _environment(stage: OneMachine) -> dict[str, str]:
    web, simulator = kept.free_port(), kept.free_port()
    return {
        **bare(),
        "DATABASE_URL": stage.postgres.url,
        "REDIS_URL": stage.valkey.url,
        "SECRET_KEY": "a-secret-of-the-faults-and-of-nobody-else",
        "VAR_DIR": str(stage.folder),
        "PORT": str(web),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "WEB_CONCURRENCY": "1",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": f"http://127.0.0.1:{simulator}",
        "META_GRAPH_URL": f"http://127.0.0.1:{simulator}/graph",
        "META_APP_SECRET": "a-secret-of-the-app-at-meta",
        "META_VERIFY_TOKEN": "a-word-for-meta",
        "ALLOWED_PRIVATE_NETWORKS": f"127.0.0.1:{simulator}",
        "SIMULATOR_DIR": str(stage.folder / "simulator"),
        "SIMULATOR_STATUS_DELAY": "0.1",
        "PYTHONUNBUFFERED": "1",
    }


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
