"""Pages beside bare Flask routes with the same rows, in one run: `python -m bench.pages.measure`.

What counts is the processor's time of web and PostgreSQL, which another program on the machine
disturbs less than the clock's; the best of some turns, as what disturbs only adds.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import requests

from app.servers import Urls, embedded
from bench.load import Get, gets_a_second
from bench.pages.generate import CONVERSATIONS, MESSAGES, generate
from bench.processor import cpu_seconds, postmaster
from bench.webhooks import Served, served

STAFF, ADMIN = "staff@salon.example", "admin@salon.example"
ROLES = {STAFF: "staff", ADMIN: "tenant_admin"}
PASSWORD = "correct-horse-battery"  # noqa: S105
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ROUNDS, REQUESTS, CONNECTIONS = 4, 48, (1, 16)
# A statement has its lasting plan from the sixth time on that a connection to PostgreSQL runs it.
BEFOREHAND = 12
QUICK = bool(os.environ.get("QUICK"))


class Page(NamedTuple):
    name: str
    path: str
    floor: str
    """The bare route beside it; empty: there is none."""
    goal: float
    """At least so much of it; where there is none, at most so many ms of CPU."""
    who: str = STAFF


PAGES = (
    Page("the inbox page", "/messages", "/messages", 0.5),
    Page("a thread's page", "/messages/1", "/messages/1", 0.5),
    Page("/health/live", "/health/live", "/empty", 0.8),
    # A third of what they took when that was first measured, and of the last an eighth.
    Page("/tomorrow", "/tomorrow", "", 43 / 3),
    Page("/calendar", "/calendar", "", 17 / 3),
    Page("/customers/1", "/customers/1", "", 47 / 3),
    Page("/settings/notifications", "/settings/notifications", "", 18 / 3, ADMIN),
    Page("/admin/customers/", "/admin/customers/", "", 167 / 8),
)


class Cost(NamedTuple):
    cpu: float
    """Milliseconds a request."""
    rate: float
    """Requests a second."""


def measure() -> Iterator[dict[str, object]]:
    """Each page with each number of connections; with QUICK on a tenth of the rows."""
    share = 10 if QUICK else 1
    with (
        tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as name,
        _both(Path(name), MESSAGES // share, CONVERSATIONS // share) as (ours, bare, database),
    ):
        cookies = {email: signed_in(ours.base, email) for email in ROLES}
        for page in PAGES:
            for connections in CONNECTIONS:
                yield from _compared(page, connections, ours, bare, database, cookies[page.who])


@contextmanager
def _both(folder: Path, messages: int, conversations: int) -> Iterator[tuple[Served, Served, int]]:
    # PostgreSQL runs as another user when we are root.
    folder.chmod(0o711)
    alone = {"WEB_CONCURRENCY": "1", "ROW_LEVEL_SECURITY": "auto"}
    with embedded(folder) as urls, served(urls, folder, "wsgi:app", **alone) as ours:
        for email, role in ROLES.items():
            user(urls, folder, email, role)
        generate(urls.database, messages, conversations)
        with served(urls, folder, "bench.pages.bare:app", **alone) as bare:
            yield ours, bare, postmaster(folder)


def user(urls: Urls, folder: Path, email: str, role: str) -> None:
    """Make them, with PASSWORD."""
    env = {**os.environ, "DATABASE_URL": urls.database, "REDIS_URL": urls.redis}
    env["VAR_DIR"] = str(folder)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "user", "create", "--email", email]
    command += ["--role", role, "--tenant", "salon", "--password", PASSWORD]
    subprocess.run(command, env=env, check=True, capture_output=True)


def signed_in(base: str, email: str) -> str:
    """The cookies of whoever signs in with PASSWORD."""
    with requests.Session() as browser:
        token = FIELD.findall(browser.get(f"{base}/login", timeout=20).text)[0]
        form = {"email": email, "password": PASSWORD, "csrf_token": token}
        browser.post(f"{base}/login", form, timeout=20).raise_for_status()
        return "; ".join(f"{each.name}={each.value}" for each in browser.cookies)


def _compared(
    page: Page, connections: int, ours: Served, bare: Served, database: int, cookie: str
) -> Iterator[dict[str, object]]:
    """In turn, several times."""
    costs: dict[Served, list[Cost]] = {ours: [], bare: []}
    for turn in range(ROUNDS + 1):
        for each, path in ((ours, page.path), (bare, page.floor)):
            if path:
                # The first is for what is made once: connections, plans, templates.
                many = REQUESTS if turn else BEFOREHAND * connections
                cost = cost_of(each, path, connections, database, cookie, many)
                costs[each] += [cost] if turn else []
    yield _result(page, connections, costs[ours], costs[bare])
    if page.floor:
        yield _rates(page, connections, costs[ours], costs[bare])


def cost_of(
    served_: Served, path: str, connections: int, database: int, cookie: str, many: int = REQUESTS
) -> Cost:
    """Of so many requests to it, by whoever has the cookie."""
    gets: list[Get] = [(path, {"Cookie": cookie})] * many
    before, begin = cpu_seconds(served_.process) + cpu_seconds(database), time.perf_counter()
    gets_a_second(served_.base, gets, connections)
    took = time.perf_counter() - begin
    spent = cpu_seconds(served_.process) + cpu_seconds(database) - before
    return Cost(spent / many * 1000, many / took)


def _result(page: Page, connections: int, ours: list[Cost], bare: list[Cost]) -> dict[str, object]:
    least = min(cost.cpu for cost in ours)
    floor = min((cost.cpu for cost in bare), default=page.goal)
    ratio, goal = floor / least, page.goal if bare else 1
    told = f"at least {goal:g} of the floor" if bare else f"at most {page.goal:.1f} ms"
    return {
        "name": f"{page.name}, {_among(connections)}",
        "ours": round(least, 2),
        "floor": round(floor, 2),
        "unit": "ms of CPU a request, web and PostgreSQL",
        "ratio": round(ratio, 2),
        "goal": told,
        "holds": ratio >= goal,
    }


def _rates(page: Page, connections: int, ours: list[Cost], bare: list[Cost]) -> dict[str, object]:
    most, floor = max(cost.rate for cost in ours), max(cost.rate for cost in bare)
    return {
        "name": f"{page.name}, {_among(connections)}",
        "ours": round(most),
        "floor": round(floor),
        "unit": "requests a second",
        "ratio": round(most / floor, 2),
        "goal": f"at least {page.goal:g} of the floor",
        "holds": most / floor >= page.goal,
    }


def _among(connections: int) -> str:
    return "one connection" if connections == 1 else f"{connections} connections"


if __name__ == "__main__":
    for each in measure():
        print(each, flush=True)
