"""A key lets in whom an admin gave it, for what it may, and no longer than it holds."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import ApiKey, AuditEntry
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.cli.test_commands import run
from tests.support.browser import Browser
from tests.support.world import Business
from tests.web.api.conftest import Program, key_of

PAGE = "/admin/api-keys/"
KEY = re.compile(r"kv_[0-9]+_[\w-]{43}")


def test_a_new_key_is_shown_this_once_and_lets_in(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"name": "Till", "scopes": ["customers:read"]}
    page = admin.post(PAGE, data=form, follow_redirects=True).text
    [whole] = KEY.findall(page)
    assert not KEY.findall(admin.get(PAGE).text)
    program = Program(whole)
    [customer] = program.get("customers").json["data"]
    assert customer["id"] == str(salon.customer_id)
    assert program.get("messages").status_code == 403
    assert "Last used" in admin.get(PAGE).text
    stored = [vars(each) for each in rows(salon, ApiKey)]
    told = [each.changes for each in rows(salon, AuditEntry)]
    assert whole.split("_", 2)[2][6:] not in str(stored) + str(told)


def test_an_ended_key_lets_nobody_in(salon: Business, garage: Business, admin: Browser) -> None:
    program = Program(key_of(salon))
    key = rows(salon, ApiKey)[-1]
    [theirs] = rows(garage, ApiKey)
    assert admin.post(f"{PAGE}revoke", data={"api_key_id": theirs.id}).status_code == 404
    assert program.get("services").status_code == 200
    admin.post(f"{PAGE}revoke", data={"api_key_id": key.id})
    answer = program.get("services")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Ended" in admin.get(PAGE).text


def test_a_key_holds_until_its_last_day_is_over(salon: Business, admin: Browser) -> None:
    program = Program(key_of(salon, expires_at=now() + timedelta(hours=1)))
    assert program.get("services").status_code == 200
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        assert program.get("services").status_code == 401
    for until, says in (("2020-01-01", "ended already"), ("soon", "cannot be read")):
        form = {"name": "Till", "scopes": ["customers:read"], "until": until}
        answer = admin.post(PAGE, data=form)
        assert answer.status_code == 422 and says in answer.text


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Bearer",
        "Bearer salon",
        "Bearer kv_1_x",
        "Basic YTpi",
        *(f"Bearer kv_{number}_{'x' * 43}" for number in (2, 10**11)),
    ],
)
def test_what_is_no_key_of_ours_is_401(program: Program, said: str) -> None:
    answer = program.get("customers", Authorization=said)
    assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
    assert answer.json["detail"].startswith("Send your key")


def test_a_key_is_of_its_business_whatever_number_stands_in_it(
    salon: Business, garage: Business
) -> None:
    theirs = key_of(garage).replace(f"kv_{garage.id}_", f"kv_{salon.id}_")
    assert Program(theirs).get("customers").status_code == 401


def test_the_command_prints_a_key_that_may_what_it_says(salon: Business, garage: Business) -> None:
    scopes = "customers:read, appointments:write"
    whole = run("api-key", "create", "--tenant", "salon", "--scopes", scopes).output.strip()
    assert KEY.fullmatch(whole)
    with tenant_scope(salon.id):
        key = db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())).first()
        assert key and key.scopes == ["customers:read", "appointments:write"]
    wrong = run("api-key", "create", "--tenant", "salon", "--scopes", "everything")
    assert wrong.exit_code == 1 and "There is no scope everything" in wrong.output


def test_too_many_requests_are_told_how_long_to_wait(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from limits import parse_many

    from app.web.api import api_door

    monkeypatch.setattr(api_door, "OFTEN", parse_many("2 per minute"))
    answers = [program.get("services") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
