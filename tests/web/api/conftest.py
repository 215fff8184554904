"""A business's own program, with a key that may do everything."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.test import TestResponse

from app.api_keys import keys
from app.api_keys.scopes import SCOPES
from app.extensions import db
from app.lib.time.clock import now
from app.tenancy import tenant_scope
from tests.support.world import Business


@dataclass
class Program:
    key: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """headers: with _ in their names for -."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        sent.setdefault("Authorization", f"Bearer {self.key}")
        client = current_app.test_client(use_cookies=False)
        return client.open(f"/api/v1/{path}", method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, tag: str = "") -> TestResponse:
        """As whoever has just read it."""
        seen = tag or self.get(path).headers["ETag"]
        return self.ask("PATCH", path, body, If_Match=seen)


def key_of(business: Business, *scopes: str, **more: Any) -> str:
    with tenant_scope(business.id):
        _, whole = keys.make("Website", scopes or [*SCOPES], now(), **more)
        db.session.commit()
    return whole


@pytest.fixture
def program(app: Flask, salon: Business, garage: Business) -> Program:
    return Program(key_of(salon))


@pytest.fixture
def stranger(app: Flask, salon: Business, garage: Business) -> Program:
    return Program(key_of(garage))
