"""What axe finds on each page, by day and by night, on a desk and on a telephone: nothing."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.support.axe import violations

LINKS = "all => all.map((each) => each.getAttribute('href'))"
# No page of its own: another site, where one is led on from, a file, a part of a page.
NO_PAGE = re.compile(r"^[^/]|^/$|csv|part=")
# What staff may only read.
READ_ONLY = "/settings/business-hours", "/settings/automation", "/admin/calls/"


def pages(visitor, seen: set[str]) -> Iterator[None]:
    """Open the pages of the menu, and those that they lead to: one of each kind not in `seen`."""
    visitor.goto("/")
    waiting = visitor.locator("#nav a").evaluate_all(LINKS)
    while waiting:
        address = waiting.pop(0)
        if kind(address) in seen or NO_PAGE.search(address):
            continue
        seen.add(kind(address))
        visitor.goto(address)
        yield
        waiting += visitor.locator("main a[href]").evaluate_all(LINKS)


def kind(address: str) -> str:
    """What is the same for pages that look the same: any id, any panel's form."""
    path = re.sub(r"\d+", "N", address.partition("?")[0])
    return re.sub("/admin/[a-z-]+/(new|edit|details)/", r"\1", path)


def test_axe_finds_nothing_on_any_page(admin, page, operator):
    seen: set[str] = set()
    for visitor in admin, operator:
        for _ in pages(visitor, seen):
            assert violations(visitor) == []
    assert {"/messages", "/messages/N", "/customers/N", "/admin/people/", "edit"} <= seen
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
