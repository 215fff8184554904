"""Closing, snoozing, assigning, labelling and noting, under the hands of two colleagues."""

import re

from playwright.sync_api import expect

from tests.browser.steps import open_talk, talk, writes


def life(page):
    return page.locator("#life")


def test_what_one_closes_leaves_the_others_list_and_comes_back_with_a_message(page, admin, stack):
    number = "+12125550319"
    writes(stack, number, "Is this the salon?", "whatsapp", name="Lena Closing")
    open_talk(page, "Is this the salon?")
    admin.goto("/messages")
    expect(talk(admin, "Lena Closing")).to_be_visible()
    life(page).get_by_role("button", name="Close").click()
    expect(life(page).get_by_role("button", name="Open again")).to_be_visible()
    expect(page.locator(".done").last).to_contain_text("Staff closed this")
    expect(talk(admin, "Lena Closing")).to_have_count(0)
    writes(stack, number, "Hello?")
    expect(talk(admin, "Lena Closing")).to_be_visible()
    expect(life(page)).to_contain_text("Waiting for us")


def test_by_keyboard_it_is_snoozed_and_the_menu_is_left_alone_meanwhile(page, stack):
    number = "+12125550329"
    writes(stack, number, "Call me later", "whatsapp", name="Simon Snooze")
    open_talk(page, "Call me later")
    summary = life(page).locator("summary", has_text="Snooze")
    summary.focus()
    page.keyboard.press("Enter")
    expect(life(page).get_by_role("button", name="Tomorrow")).to_be_visible()
    writes(stack, number, "Or now")
    expect(page.locator("#thread")).to_contain_text("Or now")
    expect(life(page).get_by_role("button", name="Tomorrow")).to_be_visible()
    page.keyboard.press("Escape")
    expect(life(page).get_by_role("button", name="Tomorrow")).to_have_count(0)
    expect(life(page).locator("summary", has_text="Snooze")).to_be_focused()
    # What came meanwhile has been seen.
    seen = page.locator(".seen").get_attribute("data-message")
    close = life(page).get_by_role("button", name="Close")
    expect(close).to_have_attribute("formaction", re.compile(rf"up_to={seen}\b"))
    page.keyboard.press("Enter")
    life(page).get_by_role("button", name="Tomorrow").press("Enter")
    expect(life(page)).to_contain_text("Snoozed until Tomorrow, 9:00 AM")
    page.goto("/messages?view=snoozed")
    expect(talk(page, "Simon Snooze")).to_be_visible()


def test_enter_in_the_day_snoozes_and_does_not_close(page, stack):
    writes(stack, "+12125550339", "In January please", "whatsapp", name="Dora Day")
    open_talk(page, "In January please")
    life(page).locator("summary", has_text="Snooze").click()
    day = life(page).get_by_label("Another day")
    day.fill("2099-01-12")
    day.press("Enter")
    expect(life(page)).to_contain_text("Snoozed until Mon, Jan 12, 2099, 9:00 AM")


def test_a_note_leaves_a_half_written_answer_and_is_seen_by_the_other(page, admin, stack):
    number = "+12125550349"
    writes(stack, number, "Can you do bleach?", "whatsapp", name="Nora Note")
    open_talk(page, "Can you do bleach?")
    open_talk(admin, "Can you do bleach?")
    page.get_by_label("Message", exact=True).fill("Half an ans")
    page.get_by_text("Write a note for the team").click()
    page.get_by_label("Note", exact=True).fill("<b>Allergic</b>")
    page.get_by_role("button", name="Keep note").click()
    for each in (page, admin):
        expect(each.locator(".note-body").last).to_have_text("<b>Allergic</b>")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Half an ans")
    expect(page.get_by_label("Note", exact=True)).to_be_hidden()


def test_assigned_and_labelled_by_menus(page, stack):
    writes(stack, "+12125550359", "A quote please", "whatsapp", name="Quentin")
    open_talk(page, "A quote please")
    life(page).locator("summary", has_text="Unassigned").click()
    life(page).get_by_role("button", name="Staff").click()
    expect(life(page).locator("summary", has_text="Staff")).to_be_visible()
    life(page).locator("summary", has_text="Label").click()
    life(page).get_by_role("button", name="Label of salon").click()
    expect(life(page).locator(".life-marks")).to_contain_text("Label of salon")
    expect(talk(page, "A quote please")).to_contain_text("Label of salon")
    page.goto("/messages?view=mine")
    expect(talk(page, "A quote please")).to_contain_text("Staff")


def test_without_script_the_same_buttons_work(page, stack):
    writes(stack, "+12125550369", "Plain and simple", "whatsapp", name="Petra Plain")
    open_talk(page, "Plain and simple")
    plain = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    bare = plain.new_page()
    bare.goto(page.url)
    life(bare).get_by_role("button", name="Close").click()
    expect(life(bare).get_by_role("button", name="Open again")).to_be_visible()
    bare.get_by_text("Write a note for the team").click()
    bare.get_by_label("Note", exact=True).fill("Without any script")
    bare.get_by_role("button", name="Keep note").click()
    expect(bare.locator(".note-body").last).to_have_text("Without any script")
    plain.close()


def test_on_a_telephone_nothing_is_cut_off(phone_of_staff, stack):
    writes(stack, "+12125550379", "From my pocket", "whatsapp", name="Phil Sims")
    open_talk(phone_of_staff, "From my pocket")
    for name in ("Snooze", "Unassigned", "Label"):
        life(phone_of_staff).locator("summary", has_text=name).click()
        box = life(phone_of_staff).locator("details[open] .menu-list").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        phone_of_staff.keyboard.press("Escape")
    wide = "document.documentElement.scrollWidth"
    assert phone_of_staff.evaluate(wide) <= 390
