"""`flask health`: what other programs rely on."""

import json
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.lib.time.clock import now
from app.models import SenderPause
from app.tenancy import tenant_scope
from tests.cli.test_commands import run
from tests.support.world import Business

KEYS = ["check", "state", "sentence", "next_step", "at"]


@pytest.fixture
def paused(salon: Business, garage: Business) -> Business:
    """The salon, with an error that stops its sending."""
    moment = now()
    with tenant_scope(salon.id):
        whose = {"tenant_id": salon.id, "channel": "sms", "reason": "The account is closed."}
        until = moment + timedelta(hours=1)
        db.session.add(SenderPause(**whose, since=moment, until=until))
        db.session.commit()
    return salon


def test_a_business_is_told_worst_first_and_a_broken_one_ends_with_1(paused: Business) -> None:
    result = run("health", "--tenant", paused.slug, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [list(finding) for finding in told] == [KEYS] * len(told)
    assert (told[0]["check"], told[0]["state"]) == ("sender_paused", "broken")
    assert {finding["state"] for finding in told} <= {"ok", "warning", "broken"}
    assert all(datetime.fromisoformat(finding["at"]).tzinfo for finding in told)


def test_a_business_in_which_all_is_well_ends_with_0(paused: Business, garage: Business) -> None:
    result = run("health", "--tenant", garage.slug)
    assert result.exit_code == 0, result.output
    assert "account is closed" not in result.output


def test_without_a_business_the_platform_and_the_worst_of_each_are_told(
    paused: Business, garage: Business
) -> None:
    result = run("health", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [list(finding) for finding in told] == [KEYS] * len(told)
    assert {"database", "redis", "timetable"} <= {finding["check"] for finding in told}
    of = {name: f for name in (paused.name, garage.name) for f in told if name in f["sentence"]}
    assert (of[paused.name]["state"], of[garage.name]["state"]) == ("broken", "ok")


def test_people_read_a_line_each_and_what_to_do(paused: Business) -> None:
    lines = run("health", "--tenant", paused.slug).output.splitlines()
    assert lines[0] == "BROKEN   sender_paused: SMS waits since an error: The account is closed."
    assert lines[1].strip().startswith("→ Put it right")


def test_a_business_that_is_not_there_is_named(paused: Business) -> None:
    result = run("health", "--tenant", "nobody")
    assert result.exit_code == 1 and "no business with the slug “nobody”" in result.output
