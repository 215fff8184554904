"""Two colleagues and a customer at once; and a connection that comes and goes."""

from playwright.sync_api import expect

from tests.browser.steps import answer, message, open_talk, talk, writes


def test_colleagues_see_who_looks_and_types_before_both_answer(page, admin, stack):
    number = "+12125550391"
    writes(stack, number, "Who will answer me?", "whatsapp", name="Tess Two")
    open_talk(page, "Who will answer me?")
    here = page.locator("#here")
    expect(here).to_have_text("")
    open_talk(admin, "Who will answer me?")
    expect(here).to_have_text("Admin is looking")
    expect(admin.locator("#here")).to_have_text("Staff is looking")
    page.get_by_label("Message", exact=True).press_sequentially("I am on i")
    expect(admin.locator("#here")).to_have_text("Staff is typing…")
    writes(stack, number, "Both of you?", "whatsapp", name="Tess Two")
    for each in (page, admin):
        expect(message(each, "Both of you?")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("I am on i")
    answer(page, "I do.")
    expect(message(admin, "I do.")).to_have_count(1)
    expect(admin.locator("#here")).to_have_text("Staff is looking")
    page.goto("/messages")
    expect(admin.locator("#here")).to_have_text("")


def test_what_came_without_a_connection_is_there_once_it_is_back(page, stack, visitors):
    visitors.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED"]
    number = "+12125550392"
    writes(stack, number, "Before the tunnel", "whatsapp", name="Tina Tunnel")
    open_talk(page, "Before the tunnel")
    page.get_by_label("Message", exact=True).fill("Half")
    pill = page.locator("#offline")
    expect(pill).to_be_hidden()
    page.context.set_offline(True)
    expect(pill).to_be_visible()
    writes(stack, number, "In the tunnel", "whatsapp", name="Tina Tunnel")
    page.context.set_offline(False)
    expect(pill).to_be_hidden()
    expect(message(page, "In the tunnel")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Half")

    # The back button brings the page as it was left; it looks anew.
    page.goto("/messages")
    writes(stack, number, "While you were away", "whatsapp", name="Tina Tunnel")
    expect(talk(page, "While you were away")).to_be_visible()
    page.go_back()
    expect(message(page, "While you were away")).to_be_visible()
    writes(stack, number, "And live again", "whatsapp", name="Tina Tunnel")
    expect(message(page, "And live again")).to_be_visible()
