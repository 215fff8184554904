"""What customers and staff do again and again."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.seed import SALON
from tests.support.stack import Stack


def writes(stack: Stack, number: str, body: str, channel: str = "sms", name: str = "") -> None:
    """A customer writes to the salon."""
    stack.simulate("PUT", f"phones/{number}", name=name)
    stack.simulate("POST", f"phones/{number}/send", to=SALON, channel=channel, body=body)


def got(stack: Stack, number: str) -> list[str]:
    """The texts that the business sent to this telephone."""
    messages: list[dict[str, Any]] = stack.simulate("GET", f"phones/{number}/messages")["messages"]
    return [message["body"] for message in messages if message["direction"] != "inbound"]


def talk(page: Page, text: str) -> Locator:
    """The conversation in the list that shows the text."""
    return page.locator(".talk").filter(has_text=text)


def open_talk(page: Page, text: str) -> None:
    page.goto("/messages")
    talk(page, text).click()
    expect(thread(page)).to_contain_text(text)


def listen(page: Page, url: str) -> None:
    """Go there, and wait for that page's stream: what is said before is seen, but not told."""
    if page.url != "about:blank":
        # What is there has a stream, too.
        page.goto("about:blank")
    with page.expect_response(lambda answer: "/live/stream?" in answer.url):
        page.goto(url)


def thread(page: Page) -> Locator:
    return page.locator("#thread")


def answer(page: Page, body: str, channel: str | None = None) -> Locator:
    """Write in the open thread; the new message."""
    if channel:
        page.get_by_text(channel, exact=False).and_(page.locator(".pick span")).click()
    page.get_by_label("Message", exact=True).fill(body)
    page.get_by_role("button", name="Send", exact=True).click()
    return message(page, body)


def message(page: Page, body: str) -> Locator:
    return thread(page).locator(".msg").filter(has_text=body)


def count(page: Page, name: str) -> int:
    """How many a list has, above the list: Open, Mine, Waiting for us."""
    tab = page.locator(".folders > a").filter(has_text=name)
    return int(re.sub(r"\D", "", tab.inner_text()) or 0)
