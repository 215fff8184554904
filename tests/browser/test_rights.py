"""A colleague who may see some conversations only, while their pages are open."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import message, open_talk, talk, thread, writes
from tests.browser.visitors import Visitors
from tests.support.stack import Stack

GIVE = "Only their own"
ALL = "All conversations"
TOLD = "not assigned to you"


@pytest.fixture
def limited(admin: Page) -> Iterator[Callable[[str], None]]:
    """Says which conversations staff see; all again afterwards."""

    def see(what: str) -> None:
        admin.goto("/admin/team/")
        admin.get_by_role("row").filter(has_text="staff@").get_by_role(
            "link", name="Rights"
        ).click()
        admin.get_by_label(what, exact=True).check()
        admin.get_by_role("button", name="Save").click()
        expect(admin.get_by_role("status")).to_be_visible()

    yield see
    see(ALL)


def assign(admin: Page, text: str, name: str) -> None:
    open_talk(admin, text)
    menu = admin.locator("#menu-assign")
    menu.locator("summary").click()
    menu.get_by_role("button", name=name).click()
    expect(menu.locator("summary")).to_contain_text(name)


def test_what_is_taken_from_them_leaves_their_open_pages(
    page: Page, admin: Page, stack: Stack, limited: Callable[[str], None], visitors: Visitors
) -> None:
    visitors.expected.append("status of 403")
    mine, others = "My fringe is too long", "A secret of mine"
    writes(stack, "+12125550281", mine)
    writes(stack, "+12125550282", others)
    assign(admin, mine, "Staff")
    assign(admin, others, "Admin")
    page.goto("/messages")
    expect(talk(page, others)).to_be_visible()
    # The right is taken while the list is open: it is told so, and shows no more than that.
    limited(GIVE)
    expect(talk(page, others)).to_have_count(0)
    expect(talk(page, mine)).to_be_visible()
    open_talk(page, mine)
    # A colleague takes the conversation over while it is open here.
    assign(admin, mine, "Admin")
    expect(page.get_by_text(TOLD)).to_be_visible()
    expect(page.get_by_text(mine)).to_have_count(0)
    page.goto("/messages")
    writes(stack, "+12125550282", "And another secret")
    expect(page.get_by_text(others)).to_have_count(0)
    # It is given back while the list is open.
    assign(admin, mine, "Staff")
    expect(talk(page, mine)).to_be_visible()
    assert "another secret" not in page.content()
    open_talk(page, mine)
    expect(message(page, mine)).to_be_visible()
    expect(thread(page)).not_to_contain_text("secret")
