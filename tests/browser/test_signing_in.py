"""Coming in and going out."""

import re

from playwright.sync_api import expect

from tests.browser.seed import STAFF
from tests.browser.visitors import fill_in
from tests.support.authenticator import Authenticator
from tests.support.axe import violations
from tests.support.world import PASSWORD


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_page_that_was_asked_for(visitors):
    page = visitors.stranger()
    page.goto("/messages/new")
    page.get_by_label("Email").fill(STAFF)
    page.get_by_label("Password").fill("wrong-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page).to_have_url(re.compile("/login"))

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="New message")).to_be_visible()


def test_who_signs_out_leaves_nothing_behind_the_back_button(visitors):
    # Whoever is quick signs out before the page's stream is open, and it is refused then.
    visitors.expected += ["status of 403"]
    page = visitors.stranger()
    fill_in(page, STAFF, PASSWORD)
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator(".talk")).to_have_count(0)


def test_a_second_factor_is_set_up_used_and_turned_off_again(page, visitors):
    page.goto("/second-factor")
    assert violations(page) == []
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    app = Authenticator(page.locator(".key").inner_text().replace(" ", ""))
    assert violations(page) == []
    page.get_by_label("Code").fill(app.code())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    code = page.locator("#recovery-codes code").first.inner_text()
    assert violations(page) == []

    there = visitors.stranger()
    fill_in(there, STAFF, PASSWORD)
    expect(there.get_by_label("Code")).to_be_focused()
    assert violations(there) == []
    there.get_by_label("Code").fill(app.next_code())
    there.get_by_role("button", name="Sign in").click()
    expect(there.get_by_role("heading", name="Inbox")).to_be_visible()

    again = visitors.stranger()
    fill_in(again, STAFF, PASSWORD)
    again.get_by_label("Code").fill(code)
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("heading", name="Inbox")).to_be_visible()

    page.goto("/second-factor")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Your second factor is turned off")).to_be_visible()
