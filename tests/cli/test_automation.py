"""`flask automation run-log`: what other programs rely on."""

import json
from datetime import timedelta

import pytest

from app.tenancy import tenant_scope
from tests.automation import rules
from tests.automation.rules import THEN
from tests.cli.test_commands import run
from tests.support.world import Business

KEYS = [
    "id",
    "at",
    "rule",
    "rule_id",
    "rule_version",
    "event",
    "customer_id",
    "status",
    "facts",
    "done",
    "reason",
    "due_at",
    "done_at",
]


@pytest.fixture
def ran(salon: Business, garage: Business) -> Business:
    """A rule that did something for the salon, and a stranger's that did."""
    for owner in (garage, salon):
        with tenant_scope(owner.id):
            label = rules.label()
            rules.rule(do=[("add_label", {"label": label})], name=f"Rule of {owner.slug}")
            rules.writes(owner, "Hello?", at=THEN)
            rules.writes(owner, "And?", at=THEN + timedelta(minutes=1))
    return salon


def test_the_log_has_each_run_with_its_event_the_latest_first(ran: Business) -> None:
    result = run("automation", "run-log", "--tenant", ran.slug, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [list(each) for each in told] == [KEYS, KEYS]
    assert {each["rule"] for each in told} == {"Rule of salon"}
    assert [each["done"] for each in told] == [
        ["The label Quote was there already."],
        ["Added the label Quote."],
    ]
    event = told[-1]["event"]
    assert (event["type"], event["at"]) == ("message.received", THEN.isoformat())
    assert (told[-1]["status"], told[-1]["facts"]) == ("done", {"Channel": "SMS"})


def test_people_read_it_in_the_business_time(ran: Business) -> None:
    result = run("automation", "run-log", "--tenant", ran.slug, "--most", "1")
    assert "2026-11-18 14:01  done      Rule of salon (version 1)" in result.stdout
    assert "message.received, customer" in result.stdout
    assert result.stdout.count("Rule of") == 1


def test_a_business_that_is_not_there_is_named(salon: Business) -> None:
    result = run("automation", "run-log", "--tenant", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.stderr


@pytest.mark.parametrize("most", ["0", "-1", "99999999999999999999"])
def test_a_number_of_runs_that_cannot_be_is_said(ran: Business, most: str) -> None:
    result = run("automation", "run-log", "--tenant", ran.slug, "--most", most)
    assert result.exit_code == 2
    assert "--most" in result.output
