"""Something breaks at Twilio; the salon's admin reads what, has it put right, and it is well."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.stack import Stack

NUMBER = "+14155550100"


@pytest.fixture
def broken(stack: Stack):
    """The salon's number is no sender on WhatsApp any more; in the end it is one."""
    put(stack, "")
    yield stack
    put_right(stack)


def put_right(stack: Stack) -> None:
    put(stack, f"{stack.web}/api/twilio/salon/whatsapp")


def put(stack: Stack, url: str) -> None:
    stack.simulate("PUT", f"numbers/{NUMBER}", whatsapp_url=url)


def test_what_breaks_is_read_put_right_and_well_again(admin: Page, broken: Stack):
    admin.goto("/admin/health/")
    look = admin.get_by_role("button", name="Check now")
    look.click()
    first = admin.locator(".finding").first
    expect(first).to_contain_text("Broken")
    expect(first).to_contain_text("Twilio has no such number in the account")
    expect(first).to_contain_text("(415) 555-0100")

    admin.goto("/admin/services/")
    admin.get_by_role("link", name="See what to do").click()
    put_right(broken)
    look.click()
    expect(admin.get_by_text("Your numbers are in the Twilio account")).to_be_visible()
    expect(admin.locator(".finding-broken")).to_have_count(0)
    admin.goto("/admin/services/")
    expect(admin.get_by_role("link", name="See what to do")).to_have_count(0)
