"""An admin sees what a change of settings does before saving it."""

from playwright.sync_api import expect


def test_settings_tell_their_effect_while_they_are_changed_and_are_saved(admin):
    admin.goto("/settings/notifications")
    hours, effect = admin.get_by_label("Hours before"), admin.locator("#effect")
    expect(effect).to_be_empty()
    hours.fill("soon")
    expect(effect).to_contain_text("such as 24, 2.")
    hours.fill("48, 3")
    expect(effect).to_contain_text("appointments of the next 14 days")
    admin.reload()
    expect(hours).to_have_value("24")
    hours.fill("48, 3")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("Saved.")
    expect(hours).to_have_value("48, 3")
