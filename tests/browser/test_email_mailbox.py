"""An admin tries a sign-in to the mailbox without leaving the page, and copies the address for an
email service."""

import re

from playwright.sync_api import Page, expect


def test_a_sign_in_is_tried_and_what_was_typed_stands(admin: Page):
    admin.goto("/admin/mailbox/")
    admin.get_by_label("Email address").first.fill("hello@salon.test")
    admin.get_by_label("IMAP server").fill("127.0.0.1")
    admin.locator("#password").fill("typed once")
    admin.get_by_role("button", name="Test sign-in").click()
    said = admin.locator("#mailbox-said")
    expect(said).to_contain_text("There is no mail server of this name on the internet.")
    expect(admin.locator("#password")).to_have_value("typed once")
    admin.get_by_label("Folder").fill("")
    admin.get_by_label("Encryption").select_option("starttls")
    expect(admin.get_by_label("Port")).to_have_value("143")


def test_the_address_for_an_email_service_is_made_and_copied(admin: Page):
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin.goto("/admin/mailbox/")
    admin.get_by_role("button", name=re.compile("Make")).click()
    address = admin.locator("#inbound-address")
    expect(address).to_contain_text("/api/email/salon/inbound?token=")
    admin.get_by_role("button", name="Copy").click()
    expect(admin.get_by_role("button", name="Copied")).to_be_visible()
    assert admin.evaluate("navigator.clipboard.readText()") == address.text_content()
