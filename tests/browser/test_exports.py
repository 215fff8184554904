"""An admin has everything exported, sees how far it is without a reload, and has the file."""

from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Page, expect

from tests.support.axe import violations

WIDTH = "document.documentElement.scrollWidth"


def test_everything_is_exported_downloaded_and_removed(admin: Page, tmp_path: Path) -> None:
    admin.goto("/admin/exports/")
    admin.get_by_role("button", name="Export everything").click()
    exports = admin.locator("#exports")
    link = exports.get_by_role("link", name="Download").first
    expect(link).to_be_visible(timeout=60_000)
    assert violations(admin) == []
    with admin.expect_download() as told:
        link.click()
    file = tmp_path / "export.zip"
    told.value.save_as(file)
    with ZipFile(file) as archive:
        assert archive.testzip() is None and b"Bella" in archive.read("json/business.jsonl")
    admin.once("dialog", lambda dialog: dialog.accept())
    exports.get_by_role("button", name="Remove").first.click()
    expect(admin.get_by_role("status")).to_contain_text("leads nowhere any more")
    expect(link).to_have_count(0)


def test_on_a_telephone_nothing_is_wider_than_the_page(phone_of_admin: Page) -> None:
    phone_of_admin.goto("/admin/exports/")
    assert phone_of_admin.evaluate(WIDTH) <= 390
    assert violations(phone_of_admin) == []
