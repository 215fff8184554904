"""Requests of somebody who means no good, and what they come to."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from werkzeug.test import TestResponse

from app.tenancy import tenant_in_scope
from tests.architecture.probes import MARK, Onlooker
from tests.support.browser import Browser
from tests.support.world import Business

# The panel's path, its table, and a form that it would accept of us.
PANELS: dict[str, tuple[str, dict[str, str]]] = {
    "customers": ("customer", {"first_name": "Mine"}),
    "appointments": (
        "appointment",
        {"starts_at": "2026-12-01 10:00", "duration_minutes": "30", "status": "scheduled"},
    ),
    "calls": (
        "call",
        {"caller": "+12125550199", "outcome": "missed", "started_at": "2026-12-01 10:00"},
    ),
    "messages": ("message", {"body": "Mine"}),
    "whatsapp-templates": (
        "whatsapp_template",
        {"name": "Mine", "language": "en", "content_sid": "HX" + "d" * 32, "body": "Mine"},
    ),
    "services": ("service", {"name": "Mine", "duration_minutes": "30"}),
    "staff-members": ("staff_member", {"name": "Mine"}),
    "users": ("user", {"name": "Mine", "email": "mine@salon.test", "role": "staff", "active": "y"}),
    "tenants": (
        "tenant",
        {"name": "Mine", "timezone": "America/New_York", "country": "US"},
    ),
}


class Try(NamedTuple):
    """One request of somebody who means no good."""

    method: str
    path: str
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = None
    query: dict[str, Any] | None = None

    def send(self, person: Browser) -> TestResponse:
        if self.method == "GET":
            return person.get(self.path, query_string=self.query)
        body = {"json": self.json} if self.json is not None else {"data": self.form}
        return person.send(self.method, self.path, query_string=self.query, **body)


def own(onlooker: Onlooker, salon: Business) -> dict[str, int]:
    tables = {table for table, _ in PANELS.values()} - {"tenant"} | {"message_template"}
    return {table: onlooker.some(table, salon.id) for table in tables}


def refused(answer: TestResponse, role: str) -> bool:
    if answer.status_code in (401, 403, 404):
        return True
    elsewhere = {"anonymous": "/login", "operator outside": "/admin/tenants/"}.get(role)
    return elsewhere is not None and (answer.location or "").startswith(elsewhere)


def told(answer: TestResponse) -> list[str]:
    """What a page says is wrong."""
    return re.findall(
        r'(?:class="[^"]*(?:flash|alert|invalid|help)[^"]*"[^>]*>)\s*([^<]+)', answer.text
    )


def check(tries: Iterator[Try], person: Browser, role: str, onlooker: Onlooker) -> int:
    """Each is refused and changes nothing; how many there were."""
    tried = 0
    before = onlooker.picture()
    for one in tries:
        tried += 1
        answer = one.send(person)
        where = f"{role}: {str(one)[:300]} → {answer.status_code}"
        assert refused(answer, role), where
        assert MARK not in answer.text, where
        assert onlooker.picture() == before, where
        assert not tenant_in_scope(), where
    return tried
