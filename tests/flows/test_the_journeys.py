"""The two journeys of an automatic message, through the real web, scheduler, worker and telephone.

What is planned for another day is made due now; what the timetable does every few minutes it does
at once, when its job is taken out of Redis: it is put back, and due, by the next pass.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import requests
from redis import Redis
from sqlalchemy.engine import make_url

from tests.browser.seed import ADMIN, SALON
from tests.support.stack import Stack, until
from tests.support.world import PASSWORD

BEA, CALLER = "+12125550189", "+12125550188"
# A pass of the scheduler and a worker that is at something else, on a machine that is busy.
PATIENCE = 60


class Admin:
    """The salon's admin at the keyboard, and the clock that they have no patience for."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        page = self.session.get(f"{stack.web}/login", headers={"Accept": "text/html"})
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token
        form = {"email": ADMIN, "password": PASSWORD, "csrf_token": token[1]}
        self.session.post(f"{stack.web}/login", form, headers={"Accept": "text/html"})
        page = self.session.get(f"{stack.web}/messages", headers={"Accept": "text/html"})
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert found, "the page has no token for scripts"
        self.session.headers["X-CSRFToken"] = found[1]

    def send(self, method: str, path: str, **json: Any) -> Any:
        answer = self.session.request(method, self.stack.web + path, json=json)
        assert answer.ok, (answer.status_code, answer.text[:300])
        return answer.json()

    def ask(self, statement: str, *values: Any) -> list[Any]:
        url = make_url(self.stack.database).set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def hurry(self, *jobs: str) -> None:
        """The timetable's jobs are due now."""
        Redis.from_url(self.stack.redis).zrem("rq:scheduler:scheduled_jobs", *jobs)

    def read(self, number: str) -> list[str]:
        """What came to the telephone, oldest first."""
        heard = self.stack.simulate("GET", f"phones/{number}/messages")["messages"]
        return [each["body"] for each in heard if each["direction"] != "inbound"]


@pytest.fixture
def admin(stack: Stack) -> Iterator[Admin]:
    admin = Admin(stack)
    admin.send("PUT", "/settings/notifications", quiet_from=None, quiet_until=None)
    yield admin
    admin.send("PUT", "/settings/notifications", quiet_from="21:00", quiet_until="08:00")


def test_an_appointment_is_confirmed_reminded_of_and_confirmed_by_an_answer(admin: Admin) -> None:
    # Somebody of whom no other test has asked anything.
    admin.stack.simulate("POST", f"phones/{BEA}/send", to=SALON, body="Can I come on Tuesday?")
    known = "SELECT customer_id FROM contact_point WHERE address = %s"
    until(lambda: admin.ask(known, BEA))
    [(bea,)] = admin.ask(known, BEA)
    start = datetime.now(UTC) + timedelta(days=3)
    wanted = {"customer_id": bea, "starts_at": start.isoformat(timespec="minutes")}
    booked = admin.send("POST", "/calendar/new", duration_minutes=60, **wanted)["id"]
    until(lambda: len(admin.read(BEA)) == 1)
    assert "is booked for" in admin.read(BEA)[-1]

    due = "UPDATE notification SET due_at = now() WHERE appointment_id = %s AND type = %s"
    admin.ask(due, booked, "appointment_reminder")
    admin.hurry("dispatch")
    until(lambda: len(admin.read(BEA)) == 2, PATIENCE)
    assert "a reminder of your" in admin.read(BEA)[-1]

    admin.stack.simulate("POST", f"phones/{BEA}/send", to=SALON, body="C")
    heard = "SELECT count(*) FROM message WHERE body = 'C'"
    until(lambda: admin.ask(heard) == [(1,)])
    state = "SELECT status FROM appointment WHERE id = %s"
    admin.hurry("read-replies")
    until(lambda: admin.ask(state, booked) == [("confirmed",)], PATIENCE)
    until(lambda: len(admin.read(BEA)) == 3, PATIENCE)
    # And nothing more, however often everything looks again.
    admin.hurry("dispatch", "read-replies", "plan", "sweep")
    until(
        lambda: admin.ask("SELECT count(*) FROM message WHERE status = 'queued'") == [(0,)],
        PATIENCE,
    )
    assert len(admin.read(BEA)) == 3


def test_a_call_that_nobody_took_is_followed_up_once(admin: Admin) -> None:
    for _ in range(2):
        admin.stack.simulate("POST", f"phones/{CALLER}/call", to=SALON, outcome="no-answer")
    missed = "SELECT count(*) FROM call WHERE caller = %s AND outcome = 'missed'"
    until(lambda: admin.ask(missed, CALLER) == [(2,)])
    # At once: the look every quarter of an hour is far.
    until(lambda: len(admin.read(CALLER)) == 1, PATIENCE)
    assert "Sorry that we missed your call" in admin.read(CALLER)[0]
    admin.hurry("plan-missed", "dispatch")
    # Of this caller: other tests' callers may wait for the morning.
    waits = (
        "SELECT count(*) FROM notification JOIN call ON call.id = call_id"
        " WHERE type = 'missed_call' AND status = 'planned' AND caller = %s"
    )
    until(lambda: admin.ask(waits, CALLER) == [(0,)], PATIENCE)
    assert len(admin.read(CALLER)) == 1
