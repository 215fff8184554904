"""A tenant admin's archives: the files that old messages went to, to download or to remove."""

from pathlib import Path

import structlog
from flask import flash, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.archives.archive_words import month
from admin_views.lookup import find
from admin_views.send_zip import send_zip
from admin_views.times import shown
from app.audit.audit_record import record
from app.extensions import db
from app.models import AuditAction, MessageArchive, Tenant
from app.retention import archive_file
from app.retention.archive_folder import file_in, folder
from app.tenancy import current_tenant_id
from app.web.guards import access

NOT_HERE = (
    "This file is not where this server looks for it. Ask whoever runs KaiVox for it: ARCHIVE_DIR"
    " has to be the same disk on every host."
)
IN_USE = "Not removed: it is being worked at. Try again in the morning."

log = structlog.get_logger()


class ArchivesView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Archives", category="Setup", endpoint="message_archives", url="/admin/archives"
        )

    def is_accessible(self) -> bool:
        return access.may("message_archives")

    def is_visible(self) -> bool:
        """Business leads here."""
        return False

    @expose("/")
    def index(self) -> str:
        newest = MessageArchive.since.desc(), MessageArchive.id.desc()
        rows = db.session.scalars(select(MessageArchive).order_by(*newest)).all()
        tenant = db.session.get_one(Tenant, current_tenant_id())
        page: str = self.render(
            "archives/archives.html", archives=rows, tenant=tenant, shown=shown, month=month
        )
        return page

    @expose("/<int:message_archive_id>")
    def download(self, message_archive_id: int) -> Response:
        archive: MessageArchive = find(MessageArchive, message_archive_id)
        path = _file(archive)
        if path is None:
            return self._back(NOT_HERE)
        slug = db.session.get_one(Tenant, current_tenant_id()).slug
        log.info("archive_downloaded", archive=archive.id, user=current_user.id)
        record(AuditAction.DOWNLOADED, facts={"name": archive.name})
        db.session.commit()
        return send_zip(path, f"{slug}-{archive.name}")

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        """The file first: with the row gone nobody would find what is left of it."""
        archive: MessageArchive = find(MessageArchive, request.form["message_archive_id"])
        if archive.claim:
            return self._back(IN_USE)
        if path := _file(archive):
            archive_file.remove(path)
        log.info("archive_removed", archive=archive.id, user=current_user.id)
        db.session.delete(archive)
        db.session.commit()
        flash("Removed. Nobody can bring these messages back.", "success")
        return redirect(self.get_url(".index"))

    def _back(self, told: str) -> Response:
        flash(told, "error")
        return redirect(self.get_url(".index"))


def _file(archive: MessageArchive) -> Path | None:
    """Where it lies; None: it is not whole yet, or not on this host."""
    where = folder()
    path = file_in(where, archive.name) if where and archive.sha256 else None
    return path if path and path.is_file() else None
