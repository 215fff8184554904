"""Where an admin imports a file: choose it, say what its columns are, see what it would do, have it
taken, and undo it."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response as Redirect

from admin_views.imports import import_words
from admin_views.lookup import find
from admin_views.times import shown
from app.appointments.commands import Refused
from app.imports import import_file, prepare_import, transitions, work_imports
from app.imports.kinds.every_kind import KINDS
from app.lib.csv_files.csv_rows import BadFile
from app.lib.text.cleaning import clean
from app.lib.time.clock import now
from app.models import FileImport, ImportStatus
from app.web.guards import access

# So many rows are looked at for something to show of each column.
LOOKED_AT = 50


class ImportView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Import",
            category="Setup",
            endpoint="imports",
            url="/admin/imports",
            menu_icon_type="fa",
            menu_icon_value="fa-upload",
        )

    def is_accessible(self) -> bool:
        return access.may("imports")

    @expose("/")
    def index(self) -> str:
        """The form, and the latest imports; with part=state only these, for the live page."""
        part = request.args.get("part") == "state"
        template = "import/imports.html" if part else "import/import.html"
        kind = request.args.get("kind", "customers")
        return self._page(
            template,
            chosen=kind if kind in KINDS else "customers",
            uploads=work_imports.latest(),
            most=import_file.LARGEST // 1024**2,
        )

    @expose("/", methods=["POST"])
    def take(self) -> Redirect:
        file, kind = request.files.get("file"), request.form.get("kind", "")
        try:
            if kind not in KINDS:
                raise BadFile("say what is in it")
            if file is None or not file.filename:
                raise BadFile("choose one first")
            name = clean(file.filename)[:100]
            with file.stream as stream:
                upload = prepare_import.accept(kind, name, stream.read(), now())
        except BadFile as error:
            flash(f"The file cannot be taken: {error}.", "error")
        except Refused as refused:
            flash(str(refused), "error")
        else:
            return self._to(upload.id)
        return redirect(self.get_url(".index", kind=kind if kind in KINDS else None))

    @expose("/<int:appointment_import_id>")
    def show(self, appointment_import_id: int) -> str:
        """What is to be done next; with part=state only how far it is, for the live page."""
        return self._shown(find(FileImport, appointment_import_id))

    @expose("/<int:appointment_import_id>/check", methods=["POST"])
    def check(self, appointment_import_id: int) -> Redirect | tuple[str, int]:
        upload: FileImport = find(FileImport, appointment_import_id)
        given, form = request.form.getlist("column"), request.form
        if len(given) != len(upload.columns or ()) or {*given} - {"", *KINDS[upload.kind].columns}:
            abort(400)
        order = {"day": True, "month": False}.get(form.get("order", ""))
        try:
            asked = (order, "announce" in form, "tell" in form)
            prepare_import.check(upload.id, given, *asked, now())
        except BadFile as error:
            flash(f"{import_words.said(str(error)).rstrip('.')}.", "error")
            return self._shown(upload, given), 422
        except Refused as refused:
            flash(str(refused), "error")
        return self._to(appointment_import_id)

    @expose("/<int:appointment_import_id>/start", methods=["POST"])
    def start(self, appointment_import_id: int) -> Redirect:
        return self._done(appointment_import_id, lambda id_: prepare_import.start(id_, now()))

    @expose("/<int:appointment_import_id>/undo", methods=["POST"])
    def undo(self, appointment_import_id: int) -> Redirect:
        return self._done(appointment_import_id, lambda id_: prepare_import.undo(id_, now()))

    @expose("/<int:appointment_import_id>/discard", methods=["POST"])
    def discard(self, appointment_import_id: int) -> Redirect:
        upload: FileImport = find(FileImport, appointment_import_id)
        try:
            prepare_import.discard(upload.id)
        except Refused as refused:
            flash(str(refused), "error")
            return self._to(appointment_import_id)
        flash("Discarded: nothing of it was imported.", "success")
        return redirect(self.get_url(".index"))

    @expose(f"/sample/<any({','.join(KINDS)}):kind>.csv")
    def sample(self, kind: str) -> Response:
        """A file that can be imported as it is."""
        named = {"Content-Disposition": f"attachment; filename={kind}.csv"}
        return Response(KINDS[kind].sample, mimetype="text/csv", headers=named)

    def _done(self, id_: int, act: Callable[[int], None]) -> Redirect:
        try:
            act(find(FileImport, id_).id)
        except Refused as refused:
            flash(str(refused), "error")
        return self._to(id_)

    def _to(self, id_: int) -> Redirect:
        return redirect(self.get_url(".show", appointment_import_id=id_))

    def _shown(self, upload: FileImport, given: list[str] | None = None) -> str:
        if request.args.get("part") == "state":
            return self._page("import/state.html", upload=upload)
        asks = upload.status == ImportStatus.MAPPING or "columns" in request.args or given
        waits = upload.status in prepare_import.WAITING
        mapping = _mapping(upload, given or upload.columns or []) if asks and waits else {}
        return self._page("import/one_import.html", upload=upload, **mapping)

    def _page(self, template: str, **values: Any) -> str:
        page: str = self.render(
            template,
            words=import_words,
            kinds=KINDS,
            listed=work_imports.MOST_REASONS,
            undo_hours=transitions.UNDO_WINDOW.days * 24,
            now=now(),
            shown=shown,
            **values,
        )
        return page


def _mapping(upload: FileImport, chosen: list[str]) -> dict[str, Any]:
    """The file's columns, and what is to be said of them."""
    table = import_file.table(upload.kind, upload.file or b"")
    return {
        "columns": import_words.columns(table.header, table.records[:LOOKED_AT], chosen),
        "choices": import_words.choices(KINDS[upload.kind].columns),
        "order": prepare_import.order(upload, chosen),
    }
