"""Where an admin asks for a file of all that the business has, sees how far it is, and has it."""

from pathlib import Path

import structlog
from flask import flash, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.exports import export_words
from admin_views.frame import business
from admin_views.lookup import find
from admin_views.send_zip import send_zip
from admin_views.times import business_time, shown
from app.audit.audit_record import record
from app.emails import queue
from app.exports import export_files, export_link, prepare_export, transitions
from app.exports.export_files import Nowhere
from app.exports.prepare_export import AnotherOne
from app.extensions import db, settings
from app.lib.time.clock import now
from app.models import AuditAction, TenantExport
from app.web.guards import access

log = structlog.get_logger()


class ExportView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Export everything",
            category="Setup",
            endpoint="tenant_exports",
            url="/admin/exports",
            menu_icon_type="fa",
            menu_icon_value="fa-download",
        )

    def is_accessible(self) -> bool:
        return access.may("tenant_exports")

    @expose("/")
    def index(self) -> str:
        """With part=state only the exports, for the live page."""
        part = request.args.get("part") == "state"
        page: str = self.render(
            "exports/exports.html" if part else "exports/export.html",
            exports=prepare_export.latest(),
            words=export_words,
            nowhere="" if settings().archive_dir else export_words.NOWHERE,
            days=transitions.LASTS.days,
            by_email=queue.possible(),
            token=export_link.token,
            now=now(),
            shown=shown,
        )
        return page

    @expose("/", methods=["POST"])
    def start(self) -> Response:
        if settings().archive_dir is None:
            return self._back(export_words.NOWHERE, "error")
        try:
            prepare_export.start(current_user.id, now())
        except AnotherOne:
            return self._back("An export is under way already.", "info")
        return self._back("The export has begun. You can leave this page.")

    @expose("/<int:tenant_export_id>/<token>")
    def download(self, tenant_export_id: int, token: str) -> Response:
        export: TenantExport = find(TenantExport, tenant_export_id)
        if not export_link.opens(export, token, now()):
            return self._back(export_words.OVER, "error")
        path = _file(export)
        if path is None:
            return self._back(export_words.NOT_HERE, "error")
        day = business_time().day(export.asked_at).isoformat()
        log.info("export_downloaded", export=export.id, user=current_user.id)
        record(AuditAction.DOWNLOADED, facts={"everything": day})
        db.session.commit()
        return send_zip(path, f"{business().slug}-{day}")

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        """Also one that is still being written."""
        export: TenantExport = find(TenantExport, request.form["tenant_export_id"])
        try:
            removed = prepare_export.remove(export.id, now())
        except (Nowhere, OSError):
            db.session.rollback()
            return self._back(export_words.NOT_HERE, "error")
        return self._back(
            "Removed. The link leads nowhere any more." if removed else "Gone already."
        )

    def _back(self, told: str, kind: str = "success") -> Response:
        flash(told, kind)
        return redirect(self.get_url(".index"))


def _file(export: TenantExport) -> Path | None:
    """None: it is not on this host."""
    try:
        path = export_files.archive(export)
    except (Nowhere, OSError):
        return None
    return path if path.is_file() else None
