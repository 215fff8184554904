"""An admin says how long messages are kept, is told what goes and when, and has the archives of
their own business alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app

from app.extensions import db
from app.models import MessageArchive, Tenant
from app.retention.kept_period import first_night, kept_since, may_go
from app.search import indexing
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

REMOVE = "/admin/archives/remove"
MONTH = {
    "since": datetime(2023, 4, 1, 4, 0, tzinfo=UTC),
    "until": datetime(2023, 5, 1, 4, 0, tzinfo=UTC),
    "begun_at": NOON,
}


@pytest.fixture
def root(salon: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    named = replace(current_app.extensions["settings"], archive_dir=tmp_path)
    monkeypatch.setitem(current_app.extensions, "settings", named)
    return tmp_path


def archive(business: Business, root: Path, name: str = "2023-04") -> int:
    """One that is done, with its file; its id."""
    folder = root / str(business.id)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.zip").write_bytes(f"Archive of {business.slug}".encode())
    (folder / f"{name}.zip.sha256").write_text("0")
    with tenant_scope(business.id):
        row = MessageArchive(
            name=name, state="done", messages=1234, size=20, sha256="5" * 64, **MONTH
        )
        db.session.add(row)
        db.session.commit()
        return row.id


def test_an_admin_says_how_long_messages_are_kept(
    salon: Business, garage: Business, root: Path, admin: Browser
) -> None:
    page = admin.get("/admin/business/").text
    assert "Keep messages for" in page and "No old messages are archived." in page
    hear(salon, "Long ago", number="+12125550777", at=NOON - timedelta(days=1000))
    indexing.index(NOON)
    form = {"name": "Bella's Salon", "timezone": "America/New_York", "country": "US"}
    form |= {"locale": "en_US", "currency": "USD", "undo_seconds": "5"}
    saved = admin.post(
        "/admin/business/", data=form | {"messages_kept_years": "1"}, follow_redirects=True
    )
    assert "1 message is from before" in saved.text
    tenant = db.session.get_one(Tenant, salon.id)
    assert tenant.messages_kept_years == 1 and tenant.messages_kept_set_at is not None
    assert db.session.get_one(Tenant, garage.id).messages_kept_years is None
    assert (
        admin.post("/admin/business/", data=form | {"messages_kept_years": "7"}).status_code == 200
    )
    admin.post("/admin/business/", data=form | {"messages_kept_years": ""})
    db.session.refresh(tenant)
    assert tenant.messages_kept_years is None


def test_archives_are_downloaded_and_removed_by_their_own_business(
    salon: Business, garage: Business, root: Path, admin: Browser
) -> None:
    ours, theirs = archive(salon, root), archive(garage, root)
    page = admin.get("/admin/archives/").text
    assert page.count('<li class="sheet">') == 2
    assert "April 2023" in page and "1,234 messages" in page
    with admin.get(f"/admin/archives/{ours}") as got:
        assert (got.data, got.mimetype) == (b"Archive of salon", "application/zip")
        assert "salon-2023-04.zip" in got.headers["Content-Disposition"]
        assert got.headers["Cache-Control"] == "no-store"
    assert admin.get(f"/admin/archives/{theirs}").status_code == 404
    gone = {id_: admin.post(REMOVE, data={"message_archive_id": id_}) for id_ in (ours, theirs)}
    assert [answer.status_code for answer in gone.values()] == [302, 404]
    assert list((root / str(salon.id)).iterdir()) == []
    assert len(list((root / str(garage.id)).iterdir())) == 2
    assert "April 2023" not in admin.get("/admin/archives/").text


def test_a_file_that_lies_on_another_host_is_told(
    salon: Business, root: Path, admin: Browser
) -> None:
    ours = archive(salon, root)
    (root / str(salon.id) / "2023-04.zip").unlink()
    assert "ARCHIVE_DIR" in admin.get(f"/admin/archives/{ours}", follow_redirects=True).text


def test_a_month_goes_in_the_first_night_after_a_day_to_think_again(salon: Business) -> None:
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.messages_kept_years = 1
    # On the wall of New York: 30 November, 23:00.
    chosen = tenant.messages_kept_set_at = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
    assert first_night(tenant, chosen) == date(2026, 12, 2)
    hours = (chosen + timedelta(hours=hour) for hour in range(72))
    assert next(at for at in hours if may_go(tenant, at)) == datetime(2026, 12, 2, 6, tzinfo=UTC)
    # It is still November there: a year ago was November, too.
    assert kept_since(tenant, chosen) == datetime(2025, 11, 1, 4, tzinfo=UTC)
    db.session.rollback()


def test_an_admin_says_how_long_all_else_is_kept(
    salon: Business, garage: Business, admin: Browser
) -> None:
    page = cells(admin.get("/admin/business/").text)
    for said in (
        "Keep calls for For ever (as usual)",
        "Keep webhook deliveries for 30 days (as usual)",
    ):
        assert said in page
    form = {"name": "Bella's Salon", "timezone": "America/New_York", "country": "US"}
    form |= {"locale": "en_US", "currency": "USD", "undo_seconds": "5"}
    saved = admin.post("/admin/business/", data=form | {"kept_calls": "365", "kept_emails": ""})
    assert saved.status_code == 302
    tenant = db.session.get_one(Tenant, salon.id)
    assert tenant.kept_days == {"calls": 365} and tenant.kept_days_set_at is not None
    assert db.session.get_one(Tenant, garage.id).kept_days == {}
    for wrong in ("1", "-1", "x", "36500"):
        assert admin.post("/admin/business/", data=form | {"kept_calls": wrong}).status_code == 200
    db.session.refresh(tenant)
    assert tenant.kept_days == {"calls": 365}
