"""docs/walkthrough.md is true: its functions are called, in its order, by one message each."""

import re
from pathlib import Path

import pytest

from jobs import worker_tasks
from tests.support import twilio as from_twilio
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.diary import at, book
from tests.support.trace import Call, traced
from tests.support.world import Business

WALKTHROUGH = Path(__file__).parents[2] / "docs/walkthrough.md"
STEP = re.compile(r"^\d+\. `([\w/]+\.py)` `(\w+)`", re.MULTILINE)
BOOKED, DUE = "2026-11-10 12:00", "2026-11-19 10:00"
# A newcomer follows no more than that.
MOST_FILES, MOST_LINES = 10, 120


def steps(section: str) -> list[Call]:
    [text] = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", WALKTHROUGH.read_text(), re.M | re.S)
    return STEP.findall(text)


def assert_walked(section: str, calls: list[Call]) -> None:
    told = steps(section)
    assert told
    assert set(told) <= set(calls)
    assert told == sorted(told, key=calls.index)


def test_an_inbound_sms_takes_the_way_that_is_told(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with traced() as calls:
        from_twilio.text(salon, "Is tomorrow free?")
        staff.get(f"/messages/{salon.customer_id}")
    assert_walked("An inbound SMS", calls)


def test_a_reminder_takes_the_way_that_is_told(
    salon: Business, garage: Business, twilio: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.outbox import drain

    book(salon, "2026-11-20 10:00", now=BOOKED, announce=False)
    monkeypatch.setattr(worker_tasks, "now", lambda: at(DUE))
    with traced() as calls:
        worker_tasks.dispatch()
        drain.drain(at(DUE))
    assert_walked("A reminder", calls)


@pytest.mark.parametrize("section", ["An inbound SMS", "A reminder"])
def test_a_newcomer_crosses_few_files(section: str) -> None:
    assert len({file for file, _ in steps(section)}) <= MOST_FILES


def test_the_walkthrough_is_short() -> None:
    assert len(WALKTHROUGH.read_text().splitlines()) < MOST_LINES
