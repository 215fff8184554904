"""What axe finds on each page, by day and by night, on a desk and on a telephone: nothing."""

from playwright.sync_api import expect

from tests.support.axe import violations
from tests.support.pages import pages

# What staff may only read.
READ_ONLY = "/settings/business-hours", "/settings/automation", "/admin/calls/"


def test_axe_finds_nothing_on_any_page(admin, page, operator):
    seen: set[str] = set()
    for visitor in admin, operator:
        for _ in pages(visitor, seen):
            assert violations(visitor) == []
    assert {"/messages", "/messages/N", "/customers/N", "/admin/people/", "/admin/N/edit/"} <= seen
    assert "/admin/team/rights/N" in seen
    for address in READ_ONLY:
        page.goto(address)
        assert violations(page) == []


def test_axe_finds_nothing_where_nobody_is_signed_in_or_something_is_open(page, visitors):
    visitors.expected.append("status of 404")
    stranger = visitors.stranger()
    for address in "/login", "/no-such-page":
        stranger.goto(address)
        assert violations(stranger) == []

    page.goto("/messages")
    page.locator(".talk").first.click()
    page.get_by_text("Write a note for the team").click()
    page.get_by_label("Message", exact=True).fill("/")
    expect(page.get_by_role("listbox", name="What can be inserted")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
