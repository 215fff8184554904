"""Workers in processes of their own, asked by lines."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench import sending
from bench.alone import Alone

# What fills, what then works, and how many.
WORKS = {
    "a notification": ("fill_due", "dispatch_all", 800),
    "a message sent": ("fill_outbox", "send_all", 800),
}


class Workers:
    """So many of them. Raises RuntimeError where one has ended."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def ask(self, work: str, count: int = 0, of: int | None = None) -> float:
        """Let the first so many, or all, do it side by side: the processor's seconds they took."""
        asked = self._processes[:of]
        for process in asked:
            print(work, count, file=process.stdin, flush=True)
        answers = [process.stdout.readline() for process in asked if process.stdout]
        if not all(answers):
            raise RuntimeError(f"a worker ended over {work}")
        return sum(map(float, answers))

    def a_second(self, what: str) -> float:
        """How many all of them get done together."""
        fill, work, count = WORKS[what]
        self.ask(fill, count, of=1)
        begin = time.perf_counter()
        self.ask(work)
        return count / (time.perf_counter() - begin)


@contextmanager
def workers(here: Alone, count: int) -> Iterator[Workers]:
    """They have a carrier that answers at once."""
    with sending.carrier(0.0) as carrier, ExitStack() as stack:
        env = here.env(**sending.account(carrier))
        yield Workers([stack.enter_context(_one(env)) for _ in range(count)])


@contextmanager
def _one(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-m", "bench.growth.worker")
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, text=True, stdin=pipe, stdout=pipe) as process:
        yield process
        process.terminate()
