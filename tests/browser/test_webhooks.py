"""The salon's own system is connected, told of a test, breaks down, and gets what it missed."""

from playwright.sync_api import Page, expect

from tests.browser.seed import ADMIN
from tests.browser.visitors import Visitors
from tests.support.stack import Stack

RECEIVER = "till"
WIDTH = "document.documentElement.scrollWidth"


def test_a_system_is_connected_breaks_down_and_gets_what_it_missed(
    admin: Page, stack: Stack, visitors: Visitors
) -> None:
    visitors.expected.append("422 (UNPROCESSABLE ENTITY)")
    admin.goto("/admin/webhooks/")
    admin.get_by_label("Name").fill("Till")
    admin.get_by_label("Address").fill("https://127.0.0.1/hook")
    admin.get_by_role("button", name="Add").click()
    expect(admin.get_by_role("alert")).to_contain_text("could not be reached")

    admin.get_by_label("Address").fill(f"{stack.simulator}/hooks/{RECEIVER}")
    admin.get_by_label("A customer wrote").check()
    admin.get_by_role("button", name="Add").click()
    secret = admin.locator(".told code").inner_text()
    stack.simulate("PUT", f"receivers/{RECEIVER}", secret=secret)

    admin.get_by_role("button", name="Send a test event").click()
    log = admin.locator("#log")
    expect(log.get_by_text("Delivered")).to_be_visible(timeout=30_000)
    expect(admin.get_by_text(secret)).to_have_count(0)

    stack.simulate("PUT", f"receivers/{RECEIVER}", manner="gone")
    admin.get_by_role("button", name="Send a test event").click()
    expect(log.get_by_text("It answered 410")).to_be_visible(timeout=30_000)
    admin.reload()
    expect(admin.get_by_text("Nothing is sent until you turn it on again.")).to_be_visible()

    stack.simulate("PUT", f"receivers/{RECEIVER}", manner="ok")
    admin.get_by_role("button", name="Turn on").click()
    admin.get_by_role("button", name="Send again", exact=True).click()
    expect(log.get_by_text("Delivered")).to_have_count(2, timeout=30_000)

    told = stack.simulate("GET", f"receivers/{RECEIVER}")["told"]
    assert [(one["type"], one["wrong"]) for one in told] == [("webhook.test", "")] * 3
    assert told[1]["id"] == told[2]["id"], "sent again under its name"


def test_on_a_telephone_nothing_is_wider_than_the_page(visitors: Visitors) -> None:
    phone = visitors.sign_in(ADMIN, width=390, height=844)
    phone.goto("/admin/webhooks/")
    assert phone.evaluate(WIDTH) <= 390
    phone.locator(".webhooks a").first.click()
    phone.get_by_text("What was sent and answered").first.click()
    assert phone.evaluate(WIDTH) <= 390
