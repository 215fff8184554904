"""Coming in and going out."""

import re

from playwright.sync_api import expect

from tests.browser.seed import STAFF
from tests.browser.visitors import fill_in
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
