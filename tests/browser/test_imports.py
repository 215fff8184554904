"""An admin imports another program's file, sees first what it would do, and undoes it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.seed import ADMIN
from tests.browser.visitors import Visitors
from tests.support.axe import violations

GOOGLE = (
    "First Name,Last Name,Labels,E-mail 1 - Value,Phone 1 - Value\n"
    "Zora,Becker,* myContacts,zora@mail.test,(212) 555-0166 ::: (212) 555-0167\nKay,,,,12\n"
)
WIDTH = "document.documentElement.scrollWidth"


def choose(page: Page, kind: str, name: str, text: str) -> None:
    page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Show me the file").click()


def test_a_file_is_mapped_looked_through_imported_and_undone(admin: Page) -> None:
    admin.goto("/admin/customers/")
    admin.get_by_role("main").get_by_role("link", name="Import").click()
    choose(admin, "Customers", "google.csv", GOOGLE)
    assert admin.get_by_label("Phone 1 - Value", exact=True).input_value() == "phone"
    expect(admin.get_by_role("list", name="First values of Labels")).to_contain_text("myContacts")
    assert violations(admin) == []
    admin.get_by_label("Last Name", exact=True).select_option("")
    admin.get_by_role("button", name="See what would happen").click()
    imports = admin.locator("#imports")
    expect(imports).to_contain_text("Ready to be imported", timeout=30_000)
    expect(imports).to_contain_text("Line 3 “12” is not a complete telephone number")

    assert violations(admin) == []
    imports.get_by_role("button", name="Import", exact=True).click()
    undo = imports.get_by_role("button", name="Undo this import")
    expect(undo).to_be_visible(timeout=30_000)
    admin.goto("/admin/customers/?search=zora%40mail.test")
    found = admin.locator(".model-list")
    expect(found).to_contain_text("Zora")
    expect(found).not_to_contain_text("Becker")

    admin.goto("/admin/imports/")
    admin.get_by_role("link", name="google.csv").first.click()
    admin.once("dialog", lambda dialog: dialog.accept())
    undo.click()
    over = imports.get_by_role("heading", name="Undone", exact=True)
    expect(over).to_be_visible(timeout=30_000)
    admin.goto("/admin/customers/?search=zora%40mail.test")
    expect(found).not_to_contain_text("Zora")


def test_on_a_telephone_nothing_is_wider_than_the_page(visitors: Visitors) -> None:
    phone = visitors.sign_in(ADMIN, width=390, height=844)
    phone.goto("/admin/imports/")
    assert phone.evaluate(WIDTH) <= 390
    long = "Date,Time,Client,Service\n" + f"03/04/2027,9:00,{'Anna' * 40},{'x' * 90}\n"
    choose(phone, "Appointments", f"{'diary' * 15}.csv", long)
    expect(phone.get_by_text("What is 3/4 in this file?")).to_be_visible()
    assert phone.evaluate(WIDTH) <= 390
    phone.get_by_role("button", name="Discard").click()
    expect(phone.get_by_role("status")).to_contain_text("nothing of it was imported")
