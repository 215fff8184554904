"""The inbox on a screen of 390 pixels."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import answer, talk, thread, writes

WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"


def test_from_the_list_to_the_thread_and_back(phone_of_staff, stack):
    page = phone_of_staff
    writes(stack, "+12125550241", "Do you have parking?")
    page.goto("/messages")
    expect(thread(page)).to_have_count(0)
    bar = page.get_by_role("navigation", name="Most used")
    expect(bar.get_by_role("link", name=re.compile("^Inbox .*[1-9][0-9]* unread$"))).to_be_visible()
    talk(page, "Do you have parking?").click()
    expect(page.locator("#talks")).to_be_hidden()
    expect(bar).to_be_hidden()
    answer(page, "Right behind the house.")
    expect(thread(page)).to_contain_text("Right behind the house.")

    page.get_by_role("link", name="Back to all conversations").click()
    expect(talk(page, "You: Right behind the house.")).to_be_visible()

    writes(stack, "+12125550242", "And a lift?")
    expect(talk(page, "And a lift?")).to_be_visible()
    bar.get_by_role("link", name="Calendar").click()
    expect(page.get_by_role("banner")).to_be_visible()
    expect(bar.get_by_role("link", name=re.compile("[1-9][0-9]* unread$"))).to_be_visible()


def test_the_menu_opens_and_closes(phone_of_staff):
    page = phone_of_staff
    page.goto("/messages")
    customers = page.get_by_role("link", name="Customers")
    expect(customers).to_be_hidden()
    page.get_by_role("button", name="More", exact=True).click()
    expect(customers).to_be_visible()
    page.keyboard.press("Escape")
    expect(customers).to_be_hidden()

    page.get_by_role("button", name="More", exact=True).click()
    customers.click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/messages", "/messages/2", "/messages/new", "/admin/customers/", "/password"]
)
def test_no_page_is_wider_than_the_screen(phone_of_staff, path):
    phone_of_staff.goto(path)
    needed, there = phone_of_staff.evaluate(WIDTHS)
    assert needed <= there
