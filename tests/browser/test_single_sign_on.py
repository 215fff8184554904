"""An admin connects a real provider, and staff come in by it: cookies and policies of two sites."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seed import ADMIN, STAFF
from tests.browser.visitors import Visitors
from tests.support import canaille
from tests.support.axe import violations
from tests.support.canaille import CLIENT, PASSWORD, SECRET, Canaille
from tests.support.stack import Stack

PAGE = "/admin/single-sign-on/"


@pytest.fixture
def provider(stack: Stack, admin: Page) -> Iterator[Canaille]:
    back = f"{stack.web}/login/sso/salon/callback"
    with canaille.running({"maya": STAFF, "boss": ADMIN}, back) as one:
        yield one
    admin.goto(PAGE)
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Remove the provider").click()
    expect(admin.get_by_text("Removed.")).to_be_visible()


def sign_in_there(page: Page, name: str) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=login]").press("Enter")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


def test_an_admin_connects_a_provider_and_staff_come_in_by_it(
    admin: Page, visitors: Visitors, provider: Canaille
) -> None:
    # Its own pages may complain of what they like.
    visitors.expected += ["127.0.0.2"]
    admin.goto(PAGE)
    assert violations(admin) == []
    admin.get_by_label("Issuer").fill(provider.url)
    admin.get_by_label("Client ID").fill(CLIENT)
    admin.get_by_label("Client secret").fill(SECRET)
    admin.get_by_label("Single sign-on is on").check()
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status").first).to_have_text("Saved.")
    admin.get_by_role("link", name="Try it").click()
    sign_in_there(admin, "boss")
    expect(admin.get_by_text("That works: there you are admin@salon.test")).to_be_visible()
    assert violations(admin) == []

    there = visitors.stranger()
    there.goto("/login")
    there.get_by_role("link", name="Single sign-on").click()
    assert violations(there) == []
    there.get_by_label("Email").fill(STAFF)
    there.get_by_role("button", name="Go on").click()
    sign_in_there(there, "maya")
    expect(there.get_by_role("heading", name="Inbox")).to_be_visible()

    nobody = visitors.stranger()
    visitors.expected += ["status of 400"]
    nobody.goto("/login/sso/salon/callback?code=x&state=y")
    expect(nobody.get_by_role("alert")).to_contain_text("Begin anew")
    assert violations(nobody) == []
    nobody.get_by_role("link", name="Other ways in").click()
    expect(nobody).to_have_url(re.compile("/login$"))
