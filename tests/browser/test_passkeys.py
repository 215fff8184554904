"""Passkeys with a real browser and the authenticator that comes with it (CDP: WebAuthn), at the one
address where they hold."""

from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.visitors import Visitors, fill_in
from tests.support.axe import violations
from tests.support.world import PASSWORD

# Nobody else's test signs in as them.
EMAIL = "staff@garage.test"
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """The authenticator of a page."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._ask("enable")
        self.id: str = self._ask("addVirtualAuthenticator", options=TELEPHONE)["authenticatorId"]

    def set(self, what: str, **options: Any) -> None:
        self._ask(what, authenticatorId=self.id, **options)

    def _ask(self, what: str, **options: Any) -> Any:
        return self._cdp.send(f"WebAuthn.{what}", options)


def at_its_name(visitors: Visitors, **options: Any) -> Page:
    """Where passkeys hold, as browsers know none for a number."""
    address = visitors.stack.web.replace("127.0.0.1", "localhost")
    return visitors.stranger(base_url=address, **options)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_signs_in_alone_and_after_the_password_and_is_removed(visitors):
    # Whoever is quick signs out before the page's stream is open, and it is refused then.
    visitors.expected += ["status of 403"]
    page = at_its_name(visitors)
    device = Device(page)
    fill_in(page, EMAIL, PASSWORD)
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    page.goto("/second-factor")
    assert violations(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    assert violations(page) == []
    expect(page.get_by_label("Name of the passkey")).to_have_value("Chrome on Linux")
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()

    device.set("setAutomaticPresenceSimulation", enabled=False)
    sign_out(page)
    assert violations(page) == []
    device.set("setAutomaticPresenceSimulation", enabled=True)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

    # Out of the list under Email, which the authenticator of a test chooses from by itself.
    with page.expect_request(lambda request: request.url.endswith("/login/passkey")):
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

    device.set("setAutomaticPresenceSimulation", enabled=False)
    sign_out(page)
    fill_in(page, EMAIL, PASSWORD)
    expect(page.get_by_role("heading", name="Your passkey")).to_be_visible()
    assert violations(page) == []
    device.set("setAutomaticPresenceSimulation", enabled=True)
    page.reload()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

    page.goto("/second-factor")
    assert violations(page) == []
    page.get_by_role("link", name="My telephone").click()
    assert violations(page) == []
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("“My telephone” is removed")).to_be_visible()
    expect(page.get_by_text("Off.", exact=True)).to_be_visible()


def test_who_has_no_passkey_here_is_told_and_so_is_who_came_by_another_address(visitors):
    page = at_its_name(visitors)
    device = Device(page)
    page.goto("/login")
    device.set("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Try again")).to_be_visible()
    assert violations(page) == []

    elsewhere = visitors.stranger()
    elsewhere.goto("/login")
    expect(elsewhere.get_by_label("Email")).to_be_visible()
    expect(elsewhere.get_by_role("button", name="Use a passkey")).to_be_hidden()


def test_without_scripts_the_sign_in_page_says_that_passkeys_need_them(visitors):
    page = at_its_name(visitors, java_script_enabled=False)
    page.goto("/login")
    # DevTools' way of doing without scripts does not show what stands in <noscript>.
    assert "Passkeys need JavaScript" in page.locator("noscript").text_content()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
