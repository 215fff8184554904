"""An admin has everything of their business exported, and nobody else gets at the file."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import current_app

from app.exports import export_link, prepare_export, work_exports
from app.extensions import db
from app.lib.time.clock import now
from app.models import TenantExport
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows, told
from tests.exports.asked import archive, asked, newest, write_few, written
from tests.support.browser import Browser
from tests.support.world import Business

OVER = "This link has ended."
PAGE, REMOVE = "/admin/exports/", "/admin/exports/remove"


@pytest.fixture
def root(salon: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    named = replace(current_app.extensions["settings"], archive_dir=tmp_path)
    monkeypatch.setitem(current_app.extensions, "settings", named)
    write_few(monkeypatch)
    return tmp_path


def link(business: Business) -> str:
    export = newest(business)
    return f"/admin/exports/{export.id}/{export_link.token(export)}"


def test_an_admin_asks_for_it_sees_how_far_it_is_and_downloads_it(
    salon: Business, garage: Business, root: Path, admin: Browser
) -> None:
    written(garage, now())
    assert "has begun" in admin.post(PAGE, follow_redirects=True).text
    assert "under way already" in admin.post(PAGE, follow_redirects=True).text
    assert "Being written" in admin.get(f"{PAGE}?part=state").text
    assert [each.status for each in rows(salon, TenantExport)] == ["ended", "writing"]
    work_exports.work(now())
    page = admin.get(PAGE).text
    assert f'href="{link(salon)}"' in page and page.count("Download<") == 1
    with admin.get(link(salon)) as got:
        assert got.mimetype == "application/zip" and got.headers["Cache-Control"] == "no-store"
        assert "salon-2" in got.headers["Content-Disposition"]
        said = ZipFile(BytesIO(got.data)).read("json/messages.jsonl").decode()
    assert "Hello from salon" in said and "garage" not in said
    log = admin.get("/admin/audit-log/").text
    assert "began an export of everything" in log
    assert "downloaded the export of everything of" in log


def test_the_link_opens_for_admins_of_the_business_alone_and_ends(
    salon: Business, garage: Business, root: Path, admin: Browser, staff: Browser
) -> None:
    written(garage, now())
    written(salon, now())
    good, theirs = link(salon), link(garage)
    assert admin.get(theirs).status_code == 404
    for other in (f"{good}x", good.rpartition("/")[0] + "/" + theirs.rpartition("/")[2]):
        assert OVER in told(admin.get(other, follow_redirects=True)), other
    assert staff.get(good).status_code == 403
    with tenant_scope(salon.id):
        newest(salon).ends_at = now() - timedelta(seconds=1)
        db.session.commit()
    for old in (good, link(salon)):
        assert OVER in told(admin.get(old, follow_redirects=True))
    assert "Download<" not in admin.get(PAGE).text


def test_an_export_is_removed_or_stopped_by_its_own_business(
    salon: Business, garage: Business, root: Path, admin: Browser
) -> None:
    written(garage, now())
    theirs = newest(garage).id
    written(salon, now())
    ours = newest(salon).id
    path = archive(root, salon)
    assert admin.post(REMOVE, data={"tenant_export_id": theirs}).status_code == 404
    assert admin.post(REMOVE, data={"tenant_export_id": "x"}).status_code == 404
    for said in ("leads nowhere any more", "Gone already"):
        again = admin.post(REMOVE, data={"tenant_export_id": ours}, follow_redirects=True)
        assert said in again.text
    assert not path.exists() and archive(root, garage).is_file()
    admin.post(PAGE)
    admin.post(REMOVE, data={"tenant_export_id": newest(salon).id})
    work_exports.work(now())
    assert newest(salon).status == "ended" and not archive(root, salon).exists()


def test_a_visiting_operator_takes_nothing_along(
    salon: Business, root: Path, operator: Browser
) -> None:
    ours = written(salon, now()).id
    operator.post(f"/admin/tenants/enter/{salon.id}", data={"reason": "A test", "may_change": "1"})
    assert operator.get(PAGE).status_code == 200
    for answer in (
        operator.post(PAGE),
        operator.get(link(salon)),
        operator.post(REMOVE, data={"tenant_export_id": ours}),
    ):
        assert answer.status_code == 403
    assert newest(salon).id == ours and archive(root, salon).is_file()


def test_who_is_erased_is_in_no_file_any_more(
    salon: Business, garage: Business, root: Path
) -> None:
    written(salon)
    written(garage)
    ready, path = newest(salon).id, archive(root, salon)
    asked(salon)
    with tenant_scope(salon.id):
        prepare_export.remove_all(now())
        db.session.commit()
    assert {each.status for each in rows(salon, TenantExport) if each.id >= ready} == {"ended"}
    assert not path.exists() and archive(root, garage).is_file()


def test_where_no_folder_is_named_that_is_said(salon: Business, admin: Browser) -> None:
    assert "ARCHIVE_DIR" in admin.get(PAGE).text
    assert "ARCHIVE_DIR" in told(admin.post(PAGE, follow_redirects=True))
    assert newest(salon).status == "ended"


def test_a_file_that_lies_on_another_host_is_told(
    salon: Business, root: Path, admin: Browser
) -> None:
    written(salon, now())
    archive(root, salon).unlink()
    assert "same disk on every host" in admin.get(link(salon), follow_redirects=True).text
