"""An admin says when the salon is open: with and without the page's script, and by keyboard."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.seed import ADMIN
from tests.browser.test_on_a_telephone import WIDTHS
from tests.browser.visitors import Visitors
from tests.support.stack import Stack

PAGE = "/settings/business-hours"


@pytest.fixture
def phone(visitors: Visitors) -> Page:
    """The admin's telephone."""
    visitors.expected.append("422 (UNPROCESSABLE ENTITY)")
    return visitors.sign_in(ADMIN, width=390, height=844)


@pytest.fixture(autouse=True)
def open_always(stack: Stack) -> Iterator[None]:
    """The salon's hours go afterwards: with them other tests would see it closed in the evening."""
    yield
    with psycopg.connect(stack.database, autocommit=True) as connection:
        for table in ("hours_exception", "opening_interval", "business_hours"):
            connection.execute(f"DELETE FROM {table}")


def day(page: Page, name: str):
    return page.get_by_role("group", name=name)


def fits(page: Page) -> bool:
    needed, there = page.evaluate(WIDTHS)
    return needed <= there


def test_hours_and_dates_are_entered_by_keyboard(phone):
    phone.goto(PAGE)
    phone.get_by_role("button", name="Saturday: add hours").press("Enter")
    phone.keyboard.type("10")
    phone.keyboard.press("Tab")
    phone.keyboard.type("3")
    phone.get_by_role("button", name="Add a date").press("Enter")
    expect(phone.get_by_label("Date", exact=True).last).to_be_focused()
    date = phone.locator(".dated").last
    expect(date.get_by_label("This date, opens")).to_be_hidden()
    date.get_by_label("Date", exact=True).fill("2099-12-24")
    date.get_by_label("Then").select_option("Other hours")
    expect(date.get_by_label("This date, opens")).to_be_focused()
    phone.keyboard.type("9")
    date.get_by_label("This date, closes").fill("1 pm")
    # Enter saves, and takes nothing out.
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    expect(day(phone, "Saturday")).to_contain_text("Did you mean 15:00?")
    assert fits(phone)

    day(phone, "Saturday").get_by_label("closes").fill("3pm")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(phone.get_by_text("Now:")).to_be_visible()
    expect(day(phone, "Saturday").get_by_label("closes")).to_have_value("3:00 PM")
    expect(phone.get_by_label("Date", exact=True)).to_have_value("2099-12-24")
    assert fits(phone)

    # Whoever takes something out goes on beside it.
    day(phone, "Saturday").get_by_role("button", name="take these hours out").press("Enter")
    expect(phone.get_by_role("button", name="Saturday: add hours")).to_be_focused()
    expect(day(phone, "Saturday").get_by_text("Closed")).to_be_visible()
    phone.get_by_role("button", name="Take this date out").press("Enter")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(phone.get_by_label("Date", exact=True)).to_have_count(0)


def test_without_its_script_the_page_does_the_same(phone):
    def empty(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body="")

    phone.route("**/settings/hours.js*", empty)
    phone.goto(PAGE)
    phone.get_by_role("button", name="Sunday: add hours").click()
    day(phone, "Sunday").get_by_label("opens").fill("11")
    day(phone, "Sunday").get_by_label("closes").fill("15.30")
    phone.get_by_role("button", name="Add a date").click()
    phone.get_by_label("Date", exact=True).fill("2099-12-31")
    phone.get_by_label("Then").select_option("Other hours")
    phone.get_by_label("This date, opens").fill("9")
    phone.get_by_label("This date, closes").fill("12")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(day(phone, "Sunday").get_by_label("closes")).to_have_value("3:30 PM")
    expect(phone.get_by_label("This date, closes")).to_have_value("12:00 PM")
    phone.get_by_role("button", name="Take this date out").click()
    day(phone, "Sunday").get_by_role("button", name="take these hours out").click()
    expect(day(phone, "Sunday").get_by_text("Closed")).to_be_visible()
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(phone.get_by_label("Date", exact=True)).to_have_count(0)
