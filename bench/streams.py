"""The streams beside a bare Redis publish to as many sockets (bare_streams.py): `python -m
bench.streams` measures them alone."""

import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

from redis import Redis

from app.lib.time.clock import now
from app.servers import Urls, embedded
from app.servers.kept import free_port
from app.streams import door
from app.streams.ticket import Ticket, issue
from bench.alone import own_folder
from bench.open_pages import Page, opened
from bench.processor import memory_mb
from bench.webhooks import post, served
from tests.support.stack import until

OPEN, ACTIVE = 5000, 500
MOST_MB, MOST_CPU, MOST_MS = 250, 3.0, 250
# Two heartbeats long.
IDLE_SECONDS = 30.0
EVENTS, EVERY_SECONDS = 100, 0.1
SECRET, ORIGIN = "a-secret-of-the-bench-and-of-nobody-else", "http://127.0.0.1"


class Idle(NamedTuple):
    mb: float
    cpu: float


def measure() -> list[dict[str, object]]:
    """Memory and processor's time of 5,000 that are open, and how late an event is at 500."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with own_folder() as folder, embedded(folder) as urls:
        return [*_idle(urls), _late(urls, folder)]


def _idle(urls: Urls) -> list[dict[str, object]]:
    with streams(urls) as (process, port):
        ours = _open(process, port, _ticketed)
    with bare(urls) as (process, port):
        floor = _open(process, port, _bare)
    return [
        _row(f"{OPEN:,} open streams", ours.mb, floor.mb, "MB of memory (PSS)", MOST_MB),
        _row(f"{OPEN:,} idle streams", ours.cpu, floor.cpu, "% of a processor", MOST_CPU),
    ]


def _row(name: str, ours: float, floor: float, unit: str, most: float) -> dict[str, object]:
    return {
        "name": name,
        "ours": round(ours, 2),
        "floor": round(floor, 2),
        "unit": unit,
        "ratio": round(ours / floor, 2) if floor else None,
        "goal": f"at most {most:g}",
        "holds": ours <= most,
    }


def _open(process: int, port: int, ask: Callable[[int], bytes]) -> Idle:
    with opened(port, OPEN, ask):
        begin, used = time.monotonic(), _cpu_seconds(process)
        time.sleep(IDLE_SECONDS)
        share = (_cpu_seconds(process) - used) / (time.monotonic() - begin)
        return Idle(memory_mb(process), 100 * share)


def _cpu_seconds(process: int) -> float:
    # proc(5): utime and stime, behind the name in brackets.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _late(urls: Urls, folder: Path) -> dict[str, object]:
    """From a webhook's 200, or from the return of a bare publish, to the event at the page."""
    with ExitStack() as parts:
        _, port = parts.enter_context(streams(urls))
        web = parts.enter_context(served(urls, folder, "wsgi:app"))
        pages = parts.enter_context(opened(port, ACTIVE, _ticketed))
        ours = _milliseconds(pages, lambda number: _webhook(web.base, number))
    with bare(urls) as (_, port), opened(port, ACTIVE, _bare) as pages:
        redis = Redis.from_url(urls.redis)
        floor = _milliseconds(pages, lambda number: redis.publish("live:1", number))
    return _row(f"an event at {ACTIVE} active streams", ours, floor, "ms late, p95", MOST_MS)


def _webhook(base: str, number: int) -> None:
    path, form, headers = post(base, number)
    with urlopen(Request(base + path, form, headers), timeout=20) as answer:  # noqa: S310
        answer.read()


def _milliseconds(pages: list[Page], happen: Callable[[int], object]) -> float:
    late: list[float] = []
    for number in range(EVENTS):
        before = [len(page.heard) for page in pages]
        happen(number)
        told = time.monotonic()
        time.sleep(EVERY_SECONDS)
        # A page that has not heard of it by now is as late as that.
        heard = (page.heard[count:] for page, count in zip(pages, before, strict=True))
        late += [max(0.0, (times or [told + 10])[0] - told) for times in heard]
    return 1000 * statistics.quantiles(late, n=20)[-1]


def _ticketed(number: int) -> bytes:
    """The first thousand are of the salon; ten to a person."""
    moment, tenant_id, user_id = now(), 1 + number // 1000, number // 10
    ticket = Ticket(tenant_id, user_id, number, moment + timedelta(days=1), moment, ORIGIN)
    shown = issue([SECRET], ticket)
    return f"GET {door.PATH}?ticket={shown} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def _bare(number: int) -> bytes:
    return b"\n"


@contextmanager
def streams(urls: Urls) -> Iterator[tuple[int, int]]:
    """The process and its port."""
    port = free_port()
    env = {"REDIS_URL": urls.redis, "SECRET_KEY": SECRET, "LIVE_PORT": str(port)}
    with _running(port, env, "app.streams") as process:
        yield process, port


@contextmanager
def bare(urls: Urls) -> Iterator[tuple[int, int]]:
    port = free_port()
    with _running(port, {"REDIS_URL": urls.redis}, "bench.bare_streams", str(port)) as process:
        yield process, port


@contextmanager
def _running(port: int, env: dict[str, str], *module: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", *module], env=env)
    try:
        until(lambda: _listens(port))
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def main() -> None:
    for row in measure():
        print(row)


if __name__ == "__main__":
    main()
