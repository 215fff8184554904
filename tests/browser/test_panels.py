"""Flask-Admin's screens under a strict content security policy."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import open_talk, writes

PANELS = (
    *("customers", "appointments", "calls", "messages"),
    *("whatsapp-templates", "services", "team"),
)


def names(page: Page) -> list[str]:
    return page.locator("tbody .col-name").all_inner_texts()


def add_service(page: Page, name: str) -> None:
    page.goto("/admin/services/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Minutes", exact=True).fill("30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("tbody")).to_contain_text(name)


def test_deleting_asks_first(admin):
    add_service(admin, "Perm")
    delete = admin.locator("tbody tr", has_text="Perm").get_by_role("button", name="Delete")
    asked = []
    admin.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    delete.click()
    admin.reload()
    assert asked
    assert "Perm" in names(admin)

    admin.once("dialog", lambda dialog: dialog.accept())
    delete.click()
    expect(admin.locator("tbody")).not_to_contain_text("Perm")


def test_deleting_several_asks_first(admin):
    for name in ("Bleach", "Braid"):
        add_service(admin, name)
    asked = []

    def delete_both() -> None:
        for name in ("Bleach", "Braid"):
            admin.locator("tbody tr", has_text=name).get_by_role("checkbox").check()
        expect(admin.get_by_text("2 selected")).to_be_visible()
        admin.get_by_role("button", name="Delete", exact=True).click()

    admin.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    delete_both()
    admin.reload()
    assert asked
    assert {"Bleach", "Braid"} <= set(names(admin))

    admin.once("dialog", lambda dialog: dialog.accept())
    delete_both()
    expect(admin.locator("tbody")).not_to_contain_text("Bleach")
    assert "Braid" not in names(admin)


def test_a_filter_narrows_the_list(admin, stack):
    writes(stack, "+12125550231", "Find me by my channel", "whatsapp", name="Fay Filter")
    open_talk(admin, "Find me by my channel")
    admin.goto("/admin/messages/")
    expect(admin.locator("tbody tr", has_text="Find me by my channel")).to_be_visible()
    admin.get_by_role("button", name="Add filter").click()
    admin.locator(".field-filters").get_by_text("Channel", exact=True).click()
    admin.locator(".filter-val").and_(admin.locator("select")).first.select_option(
        "sms", force=True
    )
    admin.get_by_role("button", name="Apply").click()
    expect(admin.locator("tbody")).not_to_contain_text("Find me by my channel")
    assert set(admin.locator("tbody .col-channel").all_inner_texts()) == {"SMS"}


def test_a_customer_gets_numbers_in_the_form(page):
    page.goto("/admin/customers/new/")
    page.get_by_label("First name").fill("Ina")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    rows = page.locator(".inline-field-list .inline-row")
    rows.nth(0).get_by_label("Channel").select_option("sms")
    rows.nth(0).get_by_label("Address").fill("(212) 555-0298")
    page.once("dialog", lambda dialog: dialog.accept())
    rows.nth(1).get_by_role("button").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("tbody tr", has_text="Ina")).to_contain_text(re.compile("555.?0298"))


def test_every_page_of_the_menu_and_of_its_panels_opens_without_a_complaint(admin):
    admin.goto("/messages")
    links = admin.locator("#nav li a").all()
    assert all(link.inner_text().strip() for link in links)
    menu = [link.get_attribute("href") for link in links]
    assert {f"/admin/{panel}/" for panel in PANELS} <= set(menu)
    for path in menu:
        assert admin.goto(path).ok
        expect(admin.locator("#nav [aria-current=page]")).to_have_count(1)
        for within in pages_of(admin):
            assert admin.goto(within).ok


SEE, EDIT = re.compile("^See "), re.compile("^Edit ")


def pages_of(list_: Page) -> list[str]:
    """Where one gets from a panel's list: its form, and a row to look at and to edit."""
    first = list_.locator("tbody tr").first
    links = [first.get_by_role("link", name=name) for name in (SEE, EDIT)]
    links.append(list_.get_by_role("link", name="New", exact=True))
    return [link.get_attribute("href") for link in links if link.count()]


def test_the_operator_works_in_a_business_and_leaves_it(operator):
    operator.goto("/")
    expect(operator.get_by_role("heading", name="Businesses")).to_be_visible()
    operator.get_by_role("link", name="Work in Bella's Salon").click()
    operator.get_by_label("Why").fill("They asked us to look")
    operator.get_by_role("button", name="Work in Bella's Salon").click()
    expect(operator.get_by_text("You are working in Bella's Salon")).to_be_visible()
    expect(operator.get_by_text("You only look")).to_be_visible()
    expect(operator.get_by_role("heading", name="Inbox")).to_be_visible()
    operator.get_by_role("button", name="Leave").click()
    expect(operator.get_by_role("heading", name="Businesses")).to_be_visible()
