"""An admin sees what a change of settings does before saving it."""

from playwright.sync_api import Route, expect


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


def test_a_template_is_edited_with_a_preview_and_restored(admin, visitors):
    visitors.expected.append("422 (UNPROCESSABLE ENTITY)")
    admin.goto("/settings/notifications?tab=texts")
    held: list[Route] = []
    admin.route("**/notifications/editor.js*", lambda route: held.append(route))
    admin.locator("a[href*='message-templates/']").first.click()
    text, preview = admin.get_by_label("Text", exact=True), admin.locator("#preview")
    kept = text.input_value()
    # Somebody may be quicker than what looks at their text.
    text.fill("Hi {{ custmer_name }}")
    for script in held:
        script.continue_()
    admin.unroute("**/notifications/editor.js*")
    expect(admin.get_by_role("alert").filter(has_text="custmer_name")).to_contain_text(
        "did you mean customer_name?"
    )
    text.fill("Ciao ")
    admin.get_by_role("button", name="customer name").click()
    expect(text).to_have_value("Ciao {{customer_name}}")
    expect(preview).to_contain_text("Ciao Maria")
    expect(admin.locator("[data-seen=count]")).to_contain_text("1 segment")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status")).to_be_visible()
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Restore the default").click()
    expect(text).to_have_value(kept)
