"""The streams' process, and pages that read a stream."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta

import requests

from app.config import load
from app.lib.time.clock import now
from app.streams import door
from app.streams.ticket import Ticket, issue
from tests.support.stack import PROJECT, until

ORIGIN = "http://localhost"


@contextmanager
def serving(environ: Mapping[str, str]) -> Iterator["Streams"]:
    """The process on LIVE_PORT of the environment, which hears Redis."""
    process = subprocess.Popen([sys.executable, "-m", "app.streams"], cwd=PROJECT, env=environ)
    streams = Streams(process, environ)
    try:
        until(lambda: streams.state() == (0, False))
        yield streams
    finally:
        process.terminate()
        process.wait(10)


class Streams:
    def __init__(self, process: "subprocess.Popen[bytes]", environ: Mapping[str, str]) -> None:
        self.process = process
        self._settings = load(environ)

    @property
    def port(self) -> int:
        return self._settings.live_port

    def state(self) -> door.State | None:
        """What it says of itself; None: it does not answer."""
        with suppress(OSError):
            return door.state(self._settings)
        return None

    def url(self, tenant_id: int, user_id: int) -> str:
        """With a ticket, as the web signs it."""
        moment = now()
        whose = Ticket(tenant_id, user_id, 1, moment + timedelta(days=1), moment, ORIGIN)
        shown = issue(self._settings.signing_keys, whose)
        return f"{door.url(self._settings, ORIGIN)}?ticket={shown}"

    @contextmanager
    def page(self, tenant_id: int, user_id: int) -> Iterator["Events"]:
        """Somebody's page, as it has looked at everything."""
        with opened(self.url(tenant_id, user_id)) as events:
            assert next(events) == "*"
            yield events


@contextmanager
def opened(url: str) -> Iterator["Events"]:
    with get(url) as answer:
        assert answer.status_code == 200
        yield Events(answer)


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, stream=True, timeout=20, headers=headers)


class Events(Iterator[str]):
    """The data of each event, after the name of those that have one; ends with the stream. That it
    is still there is none."""

    def __init__(self, answer: requests.Response) -> None:
        self._lines = answer.iter_lines(chunk_size=1, decode_unicode=True)

    def __next__(self) -> str:
        for line in self._lines:
            field, _, told = line.partition(": ")
            if field in ("data", "event") and told != "beat":
                return str(told)
        raise StopIteration
