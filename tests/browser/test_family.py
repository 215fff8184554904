"""A mother's telephone: two children are booked, one message reminds of both, and she answers."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect
from redis import Redis

from tests.browser.steps import got, open_talk, thread, writes
from tests.support.stack import Stack, until

ANA = "+12125550291"
HELLO = "Ana here, may I bring the children?"
# The suite's browsers have one minute to see what workers do.
PATIENCE = 30


@pytest.fixture(autouse=True)
def at_any_hour(stack: Stack) -> Iterator[None]:
    """The salon has no quiet hours."""
    [(hours,)] = ask(
        stack, "SELECT ARRAY[quiet_from, quiet_until] FROM tenant WHERE slug = 'salon'"
    )
    change = "UPDATE tenant SET quiet_from = %s, quiet_until = %s WHERE slug = 'salon'"
    ask(stack, change, None, None)
    yield
    ask(stack, change, *hours)


def ask(stack: Stack, statement: str, *values: Any) -> list[Any]:
    with psycopg.connect(stack.database, autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def hurry(stack: Stack, *jobs: str) -> None:
    """The timetable's jobs are due now."""
    with Redis.from_url(stack.redis) as redis:
        redis.zrem("rq:scheduler:scheduled_jobs", *jobs)


def book(page: Page, name: str, time: str) -> None:
    """From the page of who is reached there."""
    page.get_by_role("link", name=f"Book for {name}").click()
    page.get_by_label("Day").fill("2031-05-08")
    page.get_by_label("Time").fill(time)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("heading", name="Also reached here")).to_be_visible()


def test_both_children_are_reminded_of_once_and_a_yes_is_for_both(page: Page, stack: Stack) -> None:
    writes(stack, ANA, HELLO)
    open_talk(page, HELLO)
    page.goto(page.url.replace("/messages/", "/customers/"))
    for name in ("Mia", "Tom"):
        page.get_by_label("Name of who is reached here, too").fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
    book(page, "Mia", "10:00")
    book(page, "Tom", "10:30")
    due = (
        "UPDATE notification SET due_at = now() FROM appointment, contact_point"
        " WHERE appointment.id = appointment_id AND appointment.customer_id"
        " = contact_point.customer_id AND address = %s AND type = 'appointment_reminder'"
    )
    until(lambda: len(got(stack, ANA)) == 2, PATIENCE)
    ask(stack, due, ANA)
    hurry(stack, "dispatch")
    until(lambda: len(got(stack, ANA)) > 2, PATIENCE)
    [reminder] = got(stack, ANA)[2:]
    assert "for Mia and" in reminder and "for Tom" in reminder
    assert "10:00 AM and 10:30 AM" in reminder

    # What is not plain is nobody's yes: staff see whom it is about.
    open_talk(page, HELLO)
    writes(stack, ANA, "Mia yes, but Tom cannot")
    hurry(stack, "read-replies")
    expect(thread(page)).to_contain_text("Unclear answer", timeout=PATIENCE * 1000)
    asked = "They were asked about Mia at 10:00 AM and Tom at 10:30 AM."
    expect(page.get_by_text(asked)).to_be_visible()
    page.goto("/calendar?day=2031-05-08")
    expect(page.locator(".cal-block.cal-scheduled")).to_have_count(2)

    writes(stack, ANA, "Y")
    hurry(stack, "read-replies")
    expect(page.locator(".cal-block.cal-confirmed")).to_have_count(2, timeout=PATIENCE * 1000)
    until(lambda: len(got(stack, ANA)) > 3, PATIENCE)
    [thanks] = got(stack, ANA)[3:]
    assert "at 10:00 AM (Mia) and 10:30 AM (Tom)" in thanks
