"""A client that a program makes of the description books, moves, and reads what has changed."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from app.lib.time.clock import now
from app.web.api.api_docs import FILE
from tests.support.world import Business
from tests.web.api.conftest import key_of

NAME = "generated_kaivox"
SOON = (now() + timedelta(days=9)).replace(microsecond=0)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("client")
    tool = Path(sys.executable).with_name("openapi-python-client")
    to = ("--meta", "none", "--output-path", str(folder / NAME))
    subprocess.run([tool, "generate", "--path", FILE, *to], check=True, capture_output=True)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


def call(what: str) -> Any:
    """The generated call of that name, such as appointments_make."""
    folder = what.rpartition("_")[0]
    return import_module(f"{NAME}.api.{folder}.{what}").sync_detailed


def made(what: str) -> Any:
    return getattr(import_module(f"{NAME}.models"), what)


@pytest.fixture
def client(app: Flask, salon: Business, garage: Business, generated: None) -> Any:
    kind = import_module(f"{NAME}.client").AuthenticatedClient
    through = {"transport": httpx.WSGITransport(app=app)}
    return kind("http://localhost", key_of(salon), httpx_args=through)


def test_it_books_once_moves_what_it_has_seen_and_hears_of_it(client: Any, salon: Business) -> None:
    begun = now()
    wanted = made("AppointmentNew")(customer_id=str(salon.customer_id), starts_at=SOON)
    first = call("appointments_make")(client=client, body=wanted, idempotency_key="order 1")
    again = call("appointments_make")(client=client, body=wanted, idempotency_key="order 1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.parsed.id == again.parsed.id and first.parsed.starts_at == SOON
    change = made("AppointmentChanges")(starts_at=SOON + timedelta(hours=1))
    told = {"id": first.parsed.id, "client": client, "body": change}
    stale = call("appointments_change")(if_match='"seen long ago"', **told)
    assert stale.status_code == 412 and isinstance(stale.parsed, made("Problem"))
    moved = call("appointments_change")(if_match=first.headers["ETag"], **told)
    assert moved.parsed.starts_at == SOON + timedelta(hours=1)
    since = call("appointments_list")(client=client, updated_since=begun).parsed
    assert [each.id for each in since.data] == [first.parsed.id]
    assert since.removed == [] and since.updated_until < now()


def test_it_reads_all_that_there_is_page_by_page(client: Any, salon: Business) -> None:
    for name in ("customers", "services", "staff_members", "templates", "labels"):
        listed = call(f"{name}_list")(client=client, limit=1).parsed
        assert len(listed.data) == 1
        one = call(f"{name}_one")(id=listed.data[0].id, client=client).parsed
        assert one.to_dict() == listed.data[0].to_dict()


def test_without_a_key_that_holds_it_is_told_so(client: Any) -> None:
    client.token = "kv_1_nothing"
    answer = call("customers_list")(client=client)
    assert answer.status_code == 401 and answer.parsed.status == 401
