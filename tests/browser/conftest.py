"""A real browser in front of the real product: web, worker and simulator, each a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seed import ADMIN, OPERATOR, STAFF
from tests.browser.visitors import SignIns, Visitors
from tests.support import chromium
from tests.support.stack import Stack

expect.set_options(timeout=10_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium.launched(chromium.required()) as launched:
        yield launched


@pytest.fixture(scope="package")
def signed_in() -> SignIns:
    """The browsers of those who have signed in, kept from test to test."""
    return {}


@pytest.fixture
def visitors(browser: Browser, stack: Stack, signed_in: SignIns) -> Iterator[Visitors]:
    """Opens pages; whatever a page complains of in its console fails the test."""
    with Visitors(browser, stack, signed_in) as visitors:
        yield visitors
        assert visitors.complaints() == []


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """The browser of the salon's staff."""
    return visitors.sign_in(STAFF)


@pytest.fixture
def admin(visitors: Visitors) -> Page:
    """The browser of the salon's admin."""
    return visitors.sign_in(ADMIN)


@pytest.fixture
def operator(visitors: Visitors) -> Page:
    """The browser of the platform admin."""
    return visitors.sign_in(OPERATOR)


@pytest.fixture
def phone_of_staff(visitors: Visitors) -> Page:
    """The telephone on which staff read the inbox."""
    return visitors.sign_in(STAFF, width=390, height=844)


@pytest.fixture
def phone_of_admin(visitors: Visitors) -> Page:
    """The telephone on which the admin sets things up."""
    return visitors.sign_in(ADMIN, width=390, height=844)


@pytest.fixture
def time_to_think(admin: Page) -> Iterator[None]:
    """The business takes half a minute in which a message can be taken back."""
    _set_seconds(admin, "30")
    yield
    _set_seconds(admin, "0")


def _set_seconds(admin: Page, seconds: str) -> None:
    admin.goto("/admin/business/")
    admin.get_by_label("Seconds to take a message back").fill(seconds)
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status")).to_have_text("Saved.")
