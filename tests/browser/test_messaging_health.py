"""Something breaks at Twilio; the salon's admin reads what, has it put right, and it is well."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.seed import SALON
from tests.support.stack import Stack, until

MINE = "+12125550193"


@pytest.fixture
def well(stack: Stack) -> Iterator[Stack]:
    """Whatever a test breaks at Twilio is put right after it."""
    before = stack.simulate("GET", "numbers")["numbers"]
    yield stack
    for each in stack.simulate("GET", "breakages")["breakages"]:
        stack.simulate("DELETE", f"breakages/{each['key']}", of=each["of"])
    for each in before:
        urls = {name: url for name, url in each.items() if name.endswith(("_url", "_callback"))}
        stack.simulate("PUT", f"numbers/{each['number']}", **urls)


def press(stack: Stack, browser: Browser, label: str, button: str = "Break") -> None:
    """As a person does it, on the simulator's page; of the salon's number, or of everybody."""
    page = browser.new_page()
    page.goto(f"{stack.simulator}/break")
    panels = (
        page.locator("section")
        .filter(has_text="+1 415-555-0100")
        .or_(page.locator("section").filter(has=page.get_by_role("heading", name="Everybody")))
    )
    switch = panels.locator("form").filter(has_text=label)
    other = {"Break": "Put right", "Put right": "Break"}[button]
    switch.get_by_role("button", name=button).click()
    expect(switch.get_by_role("button", name=other)).to_be_visible()
    page.close()


def look(admin: Page) -> None:
    """Check now, and wait for what a worker finds."""
    admin.goto("/admin/health/")
    # A quick worker has looked before the page is there.
    with admin.expect_navigation():
        admin.get_by_role("button", name="Check now").click()
    # The one worker may have a turn of other slow work before it (tasks.SLOW_TIME_SLICE).
    expect(admin.get_by_text("Looking…")).to_have_count(0, timeout=40_000)


def first(admin: Page) -> Locator:
    return admin.locator("#health .finding").first


def worst(admin: Page) -> str:
    """What the page tells first, now."""
    admin.goto("/admin/health/")
    return first(admin).inner_text()


def test_what_breaks_is_read_put_right_and_well_again(admin: Page, well: Stack) -> None:
    well.simulate("PUT", "breakages/whatsapp_gone", of=SALON)
    look(admin)
    expect(first(admin)).to_contain_text("Broken")
    expect(first(admin)).to_contain_text("Twilio has no such number in the account")
    expect(first(admin)).to_contain_text("(415) 555-0100")
    admin.goto("/admin/services/")
    admin.get_by_role("link", name="See what to do").click()
    well.simulate("DELETE", "breakages/whatsapp_gone", of=SALON)
    look(admin)
    expect(admin.get_by_text("Your numbers are in the Twilio account")).to_be_visible()
    admin.goto("/admin/services/")
    expect(admin.get_by_role("link", name="See what to do")).to_have_count(0)


def test_addresses_that_were_changed_are_set_by_the_button_once_they_were_seen(
    admin: Page, well: Stack, browser: Browser
) -> None:
    press(well, browser, "Webhook addresses changed")
    look(admin)
    told = admin.locator("#health .finding").filter(has_text="other addresses than ours")
    expect(told).to_contain_text("Press “Set the addresses at Twilio for me”")
    admin.get_by_role("button", name="Set the addresses at Twilio for me").click()
    expect(admin.get_by_text("Twilio calls somebody else")).to_be_visible()
    expect(admin.get_by_text("https://old-system.example/sms")).to_be_visible()
    admin.get_by_role("button", name="Replace them by ours").click()
    expect(admin.get_by_text("This was set at Twilio")).to_be_visible()
    expect(admin.get_by_text("https://old-system.example/sms")).to_be_visible()
    admin.get_by_role("link", name="Back to Messaging health").click()
    # It is looked at by itself.
    expect(admin.get_by_text("Twilio brings us what customers write")).to_be_visible()
    expect(admin.get_by_text("other addresses than ours")).to_have_count(0)


def test_what_else_breaks_is_read_and_well_again(admin: Page, well: Stack) -> None:
    well.simulate("PUT", "breakages/whatsapp_offline", of=SALON)
    look(admin)
    expect(first(admin)).to_contain_text("is offline on WhatsApp")
    well.simulate("DELETE", "breakages/whatsapp_offline", of=SALON)
    look(admin)
    expect(admin.get_by_text("is offline on WhatsApp")).to_have_count(0)


def test_a_test_that_a_suspended_account_kept_back_arrives_and_its_answer_comes_back(
    admin: Page, well: Stack, browser: Browser
) -> None:
    well.simulate("PUT", f"phones/{MINE}", name="")
    press(well, browser, "Account suspended")
    admin.goto("/admin/health/")
    admin.get_by_label("Number of your telephone").fill("(212) 555-0193")
    admin.get_by_role("button", name="Send a test").click()
    tests = admin.locator(".tests")
    expect(tests).to_contain_text("(212) 555-0193")
    until(lambda: "Your Twilio account is suspended or closed" in worst(admin))
    expect(first(admin)).to_contain_text("press “Try again now” under Setup, Business")
    press(well, browser, "Account suspended", "Put right")
    admin.goto("/admin/business/")
    admin.get_by_role("button", name="Try again now").click()
    look(admin)
    expect(admin.get_by_text("No error keeps your messages from leaving.")).to_be_visible()
    expect(tests).to_contain_text("It arrived.")
    until(lambda: well.simulate("GET", f"phones/{MINE}/messages")["messages"])
    well.simulate("POST", f"phones/{MINE}/send", to=SALON, channel="sms", body="Here I am")
    expect(tests).to_contain_text("texts go both ways")


def test_a_token_the_mail_server_and_the_dns_are_the_operators_to_read(
    operator: Page, well: Stack
) -> None:
    broken = ("token_replaced", "mail_no_sign_in", "no_dkim")
    for key in broken:
        well.simulate("PUT", f"breakages/{key}")
    operator.goto("/admin/platform-health/")
    operator.get_by_role("button", name="Check now").click()
    expect(operator.get_by_text("Your Twilio credentials were rejected")).to_be_visible()
    expect(operator.get_by_text("The mail server does not let us sign in")).to_be_visible()
    expect(operator.get_by_text("it has no DKIM key")).to_be_visible()
    for key in broken:
        well.simulate("DELETE", f"breakages/{key}")
    operator.get_by_role("button", name="Check now").click()
    # What a check looks at is told in like words.
    for well_again in ("Twilio lets the platform's account in.", "The mail server lets us in."):
        expect(operator.get_by_text(well_again, exact=True)).to_be_visible()
    expect(operator.get_by_text("kaivox.example vouches for our emails")).to_be_visible()
