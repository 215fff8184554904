import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.carrier import Carrier
from tests.support.stack import PROJECT, Start


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """A worker and a timetable that run in the tests' own process take its signals."""
    kept = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for each, handler in kept.items():
        signal.signal(each, handler)


@pytest.fixture
def start(environ: dict[str, str], twilio: Carrier) -> Iterator[Start]:
    """Start a real process of the product, connected to the simulator."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*module: str) -> "subprocess.Popen[bytes]":
        env = {"PATH": os.environ["PATH"], **environ, "TWILIO_API_URL": twilio.url}
        command = (sys.executable, "-m", *module)
        started.append(subprocess.Popen(command, cwd=PROJECT, env=env))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
