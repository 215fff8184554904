"""An admin reads what is known of a customer, and has them erased, on a desk and a telephone."""

from playwright.sync_api import Page, expect

from tests.browser.seed import ADMIN
from tests.browser.visitors import Visitors
from tests.support.axe import violations

WIDTH = "document.documentElement.scrollWidth"


def make(page: Page, name: str) -> None:
    """A customer of one's own, whose page is then open."""
    page.goto("/admin/customers/new/")
    page.get_by_label("First name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/admin/customers/?search={name}")
    page.locator(".model-list a[href^='/customers/']").first.click()


def test_what_is_known_is_read_and_then_everything_is_erased(
    admin: Page, visitors: Visitors
) -> None:
    visitors.expected.append("status of 422")
    make(admin, "Zebedee")
    admin.get_by_role("link", name="Their data").click()
    expect(admin.get_by_role("region", name="Who they are")).to_contain_text("Zebedee")
    assert violations(admin) == []
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".zip")

    admin.go_back()
    admin.get_by_role("link", name="Erase").click()
    expect(admin.get_by_role("region", name="What goes")).to_contain_text("Who they are")
    word = admin.get_by_label("Type erase to confirm")
    word.fill("no")
    word.press("Enter")
    expect(admin.get_by_text("Nothing was erased")).to_be_visible()
    assert violations(admin) == []
    word.fill("erase")
    word.press("Enter")
    expect(admin.get_by_role("heading", name="Privacy")).to_be_visible()
    newest = admin.locator(".erasures > li").first
    for _ in range(60):
        if "Under way" not in newest.inner_text():
            break
        admin.wait_for_timeout(500)
        admin.reload()
    expect(newest).to_contain_text("Erased")
    assert violations(admin) == []
    admin.goto("/admin/customers/?search=Zebedee")
    expect(admin.locator(".model-list")).not_to_contain_text("Zebedee")


def test_on_paper_there_is_no_menu_and_on_a_telephone_nothing_too_wide(visitors: Visitors) -> None:
    phone = visitors.sign_in(ADMIN, width=390, height=844)
    phone.goto("/admin/customers/")
    phone.locator(".model-list a[href^='/customers/']").first.click()
    phone.get_by_role("link", name="Their data").click()
    expect(phone.get_by_role("region", name="Who they are")).to_be_visible()
    assert phone.evaluate(WIDTH) <= 390
    phone.emulate_media(media="print")
    expect(phone.locator(".bottom-bar")).to_be_hidden()
    expect(phone.get_by_role("region", name="Who they are")).to_be_visible()
    phone.emulate_media(media="screen")
    phone.go_back()
    phone.get_by_role("link", name="Erase").click()
    assert phone.evaluate(WIDTH) <= 390
