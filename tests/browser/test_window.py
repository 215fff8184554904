"""WhatsApp's session window, as staff see it run out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seed import ADMIN, FORMER
from tests.browser.steps import answer, got, message, open_talk, writes
from tests.support.stack import until
from tests.support.world import CONTENT

PILL = ".pick-whatsapp span"


def choose_whatsapp(page: Page) -> None:
    page.locator(".pick-whatsapp").click()


def former(page: Page) -> str:
    """Where Dora's conversation is, on whatever page of the list."""
    page.goto("/messages?q=Dora")
    found: str = page.locator(".found-one", has_text="Dora Voss").get_attribute("href") or ""
    return found.partition("?")[0]


def open_former(page: Page) -> None:
    page.goto(former(page))


def test_outside_the_window_a_template_takes_the_place_of_free_text(page, stack):
    open_former(page)
    expect(page.get_by_role("radio", name="SMS")).to_be_checked()
    expect(page.get_by_label("Template", exact=True)).to_be_hidden()
    expect(page.locator(PILL)).to_have_text(re.compile(r"WhatsApp:\s+by template"))

    choose_whatsapp(page)
    expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    expect(page.get_by_label("{{1}}")).to_have_value("Dora")
    preview = page.get_by_label("What the customer will read")
    expect(preview).to_have_text("Hi Dora, see you {{2}}.")
    page.get_by_label("{{2}}").fill("on <b>Friday</b>")
    expect(preview).to_have_text("Hi Dora, see you on <b>Friday</b>.")

    page.get_by_role("button", name="Send", exact=True).click()
    sent = message(page, "Hi Dora, see you on <b>Friday</b>.")
    expect(sent.locator(".state")).to_have_text("Delivered")
    expect(sent.locator(".tag")).to_have_text(["WhatsApp", "Template"])
    until(lambda: got(stack, FORMER)[:1] == ["Hi Dora, see you on <b>Friday</b>."])
    expect(page.get_by_label("{{2}}")).to_have_value("")
    page.locator(".pick-sms").click()
    answer(page, "And a text")
    expect(message(page, "And a text").locator(".tag")).to_have_text("SMS")
    assert page.get_by_label("Message", exact=True).bounding_box()["height"] > 40


def test_an_open_gap_is_told_and_what_was_filled_in_stays(page, visitors):
    visitors.expected.append("status of 422")
    open_former(page)
    choose_whatsapp(page)
    page.get_by_label("{{1}}").fill("Do")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in {{2}}")
    expect(page.get_by_label("{{1}}")).to_have_value("Do")


def test_a_draft_waits_while_a_template_is_chosen(page):
    open_former(page)
    page.get_by_label("Message", exact=True).fill("A draft")
    choose_whatsapp(page)
    page.locator(".pick-sms").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("A draft")
    expect(page.get_by_label("Template", exact=True)).to_be_hidden()


def test_free_text_comes_back_when_the_customer_writes(page, stack):
    writes(stack, "+12125550221", "By text")
    open_talk(page, "By text")
    choose_whatsapp(page)
    expect(page.get_by_label("Template", exact=True)).to_be_visible()
    writes(stack, "+12125550221", "And by WhatsApp", "whatsapp")
    expect(page.get_by_label("Template", exact=True)).to_be_hidden()
    expect(page.get_by_role("radio", name="WhatsApp")).to_be_checked()
    answer(page, "Good to hear from you")
    expect(message(page, "Good to hear from you").locator(".tag")).to_have_text("WhatsApp")


def test_the_window_counts_down_and_the_composer_changes_when_it_is_over(page, stack):
    closed = former(page)
    writes(stack, "+12125550222", "By WhatsApp", "whatsapp")
    page.clock.install()
    open_talk(page, "By WhatsApp")
    expect(page.locator(PILL)).to_have_text(re.compile(r"WhatsApp:\s+23 h 59 min left"))
    page.clock.fast_forward("20:50:00")
    expect(page.locator(PILL)).to_have_text(re.compile(r"3 h (8|9) min left"))
    page.clock.fast_forward("03:00:00")
    expect(page.locator(PILL)).to_have_text(re.compile(r" (8|9) min left"))
    expect(page.get_by_label("Message", exact=True)).to_be_visible()

    # The server's clock did not move on: it answers as it does of somebody who wrote long ago.
    page.route(
        re.compile("part=channels"),
        lambda route: route.continue_(url=f"{stack.web}{closed}?part=channels"),
    )
    page.clock.fast_forward("00:10:00")
    expect(page.get_by_label("Template", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="WhatsApp")).to_be_checked()
    expect(page.get_by_label("Message", exact=True)).to_be_hidden()


@pytest.fixture
def falls_back(visitors):
    """The salon has no templates, and lets texts fall back to SMS."""
    admin = visitors.sign_in(ADMIN)
    delete_templates(admin)
    set_fall_back(admin, True)
    yield
    set_fall_back(admin, False)
    add_template(admin)


def set_fall_back(admin: Page, yes: bool) -> None:
    admin.goto("/admin/business/")
    admin.get_by_label("Texts fall back after 24 hours").set_checked(yes)
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status")).to_have_text("Saved.")


def delete_templates(admin: Page) -> None:
    admin.goto("/admin/whatsapp-templates/")
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.locator("tbody").get_by_role("button", name="Delete").click()
    expect(admin.get_by_text("No templates yet.")).to_be_visible()


def add_template(admin: Page) -> None:
    """With a slip at first, which the form names."""
    admin.goto("/admin/whatsapp-templates/new/")
    admin.get_by_label("Name").fill("Reminder")
    admin.get_by_label("Content SID").fill(CONTENT.upper())
    admin.get_by_label("Text").fill("Hi {{name}}, see you {{2}}.")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("alert")).to_contain_text("“{{name}}” is no variable")
    admin.get_by_label("Text").fill("Hi {{1}}, see you {{2}}.")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator("tbody")).to_contain_text(CONTENT)


def test_a_text_for_whatsapp_goes_by_sms_instead(page, stack, falls_back):
    open_former(page)
    expect(page.locator(PILL)).to_have_text(re.compile(r"WhatsApp:\s+goes by SMS"))
    choose_whatsapp(page)
    sent = answer(page, "Leo is in from two.")
    expect(sent.locator(".tag")).to_have_text(["SMS", "Instead of WhatsApp"])
    expect(sent.locator(".state")).to_have_text("Delivered")
    until(lambda: got(stack, FORMER)[-1] == "Leo is in from two.")
