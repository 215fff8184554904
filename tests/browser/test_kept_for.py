"""An admin says how long what is no message is kept."""

from playwright.sync_api import Page, expect

from tests.support.axe import violations


def test_a_choice_is_kept_and_taken_back(admin: Page) -> None:
    admin.goto("/admin/business/#what-else-grows-old")
    calls = admin.get_by_label("Keep calls for")
    expect(calls.locator("option:checked")).to_have_text("For ever (as usual)")
    for choice in ("1 year", "For ever (as usual)"):
        calls.select_option(label=choice)
        admin.get_by_role("button", name="Save").click()
        expect(admin.get_by_role("status")).to_have_text("Saved.")
        expect(calls.locator("option:checked")).to_have_text(choice)
    assert violations(admin) == []
