"""Messages that one worker sends a second, beside Twilio's SDK alone on as many threads.

`python -m bench.sending` measures against the carrier at TWILIO_API_URL, and prints JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import flask_migrate
from sqlalchemy import func, select
from twilio.rest import Client

import wsgi
from app.extensions import db
from app.lib.time.clock import now
from app.models import Message, Tenant
from app.outbox.drain import drain
from app.providers.twilio.client import TwilioHttp
from app.servers.kept import free_port
from app.tenancy import tenant_scope, unscoped
from bench.alone import alone
from bench.crowd import GARAGE, business, customer, remind

COUNT, WARM_UP, ROUNDS = 600, 60, 3
ACCOUNT, TOKEN = "AC" + "1" * 32, "0123456789abcdef0123456789abcdef"
BUSINESSES = 8
# Of the SDK alone.
THREADS = 32
# How long the carrier takes, and how much of the SDK's rate is to be left.
GOALS = {0.0: 0.5, 0.05: 0.7}


def measure() -> Iterator[dict[str, object]]:
    for seconds, goal in GOALS.items():
        told = _told(seconds)
        ratio = told["ours"] / told["floor"]
        yield {
            "name": f"sending, a carrier that answers in {seconds * 1000:.0f} ms",
            "ours": round(told["ours"]),
            "floor": round(told["floor"]),
            "unit": "a second by one worker",
            "ratio": round(ratio, 2),
            "goal": f"at least {goal} of the SDK alone",
            "holds": ratio >= goal,
        }


def _told(seconds: float) -> dict[str, float]:
    """In a process of its own, on servers of its own."""
    with alone() as here, carrier(seconds) as address:
        sending = (sys.executable, "-m", "bench.sending")
        env = here.env(**account(address))
        done = subprocess.run(sending, env=env, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def account(address: str) -> dict[str, str]:
    """What a process has to know of the carrier."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": address,
    }


@contextmanager
def carrier(seconds: float) -> Iterator[str]:
    """The address of one that answers after so long."""
    port = free_port()
    command = [sys.executable, "-m", "bench.quick_carrier", str(port), str(seconds)]
    with subprocess.Popen(command) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def main() -> None:
    with wsgi.build().app_context():
        flask_migrate.upgrade()
        people = [_business(number) for number in range(BUSINESSES)]
        told = {"ours": _best(lambda count: _ours(people, count)), "floor": _best(_floor)}
    print(json.dumps(told))


def _business(number: int) -> tuple[int, int]:
    """One with a number of its own and a customer; their ids."""
    tenant = business(f"garage{number}", f"{GARAGE[:-1]}{number}")
    with tenant_scope(tenant.id):
        return tenant.id, customer("+12125550143")


def _best(work: Callable[[int], float]) -> float:
    """How many a second; the best round counts, as what disturbs only slows."""
    work(WARM_UP)
    return max(COUNT / work(COUNT) for _ in range(ROUNDS))


def _ours(people: list[tuple[int, int]], count: int) -> float:
    """The seconds that it takes to send so many."""
    for tenant_id, customer_id in people:
        with tenant_scope(tenant_id):
            remind(db.session.get_one(Tenant, tenant_id), customer_id, count // BUSINESSES)
    begin = time.perf_counter()
    while waiting():
        drain(now())
    return time.perf_counter() - begin


def waiting() -> int:
    with unscoped("the bench looks at all"):
        query = select(func.count()).select_from(Message).where(Message.status == "queued")
        found = db.session.scalar(query) or 0
        db.session.rollback()
    return found


def _floor(count: int) -> float:
    client = Client(ACCOUNT, TOKEN, http_client=TwilioHttp(os.environ["TWILIO_API_URL"]))
    said = {"from_": GARAGE, "body": "Your car is due for its service."}
    begin = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(
            threads.map(
                lambda n: client.messages.create(to=f"+1646555{n:04d}", **said), range(count)
            )
        )
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
