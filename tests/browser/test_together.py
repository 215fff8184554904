"""Two colleagues and a customer at once; and a connection that comes and goes."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import answer, listen, message, open_talk, talk, writes


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
    expect(talk(page, "Draft Half").get_by_label("1 unread")).to_be_visible()
    page.go_back()
    expect(message(page, "While you were away")).to_be_visible()
    writes(stack, number, "And live again", "whatsapp", name="Tina Tunnel")
    expect(message(page, "And live again")).to_be_visible()


# A browser that lets KaiVox notify, and notes what it was to show; nobody looks at it.
LETS = """
Object.defineProperty(Notification, "permission", { get: () => "granted" });
document.hasFocus = () => false;
ServiceWorkerRegistration.prototype.showNotification = async (title, more) => {
  document.documentElement.dataset.shown = [title, more.body, more.tag].join(" | ");
};"""


def wants(page: Page, notify: bool) -> None:
    page.goto("/settings/alerts/")
    page.get_by_label("Show a notification").set_checked(notify)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


def test_who_looks_elsewhere_is_told_by_name_and_the_tab_counts_what_is_unread(page, stack):
    wants(page, notify=True)
    tab = page.context.new_page()
    tab.add_init_script(LETS)
    listen(tab, "/messages")
    writes(stack, "+12125550393", "Nobody listens", "whatsapp", name="Nia Notice")
    row = talk(tab, "Nia Notice")
    expect(row).to_be_visible()
    shown = f"Nia Notice | New message | {row.get_attribute('href')}"
    expect(tab.locator("html")).to_have_attribute("data-shown", shown)
    expect(tab).to_have_title(re.compile(r"^\([1-9]\d*\) Inbox"))
    expect(tab.locator("link[rel=icon]")).to_have_attribute("href", re.compile("unread"))
    wants(page, notify=False)


def test_on_a_telephone_the_list_stays_where_one_has_scrolled_to(phone_of_staff, stack):
    phone = phone_of_staff
    for place in range(10):
        writes(stack, f"+1212555050{place}", "One of many", "whatsapp", name=f"Row {place}")
    phone.goto("/messages")
    expect(phone.locator(".talk").nth(9)).to_be_attached()
    phone.locator("#talks").evaluate("list => { list.scrollTop = 120; }")
    top = phone.locator(".talk").nth(5).bounding_box()
    writes(stack, "+12125550394", "On top of all", "whatsapp", name="Tom Top")
    news = phone.locator("#talks-news")
    expect(news).to_have_text(re.compile(r"^\d+ new$"))
    assert phone.locator(".talk").nth(5).bounding_box() == top
    news.click()
    expect(talk(phone, "On top of all")).to_be_in_viewport()
    expect(news).to_be_hidden()
