"""Where an admin uploads a file of appointments, and sees how far it is and what was rejected."""

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.times import shown
from app.appointments import uploads
from app.appointments.commands import Refused
from app.lib.csv_files.csv_rows import BadFile
from app.lib.csv_files.header import APPOINTMENTS
from app.lib.text.cleaning import clean
from app.web.guards import access


def _asked() -> tuple[bool, bool]:
    """Whether what is new is confirmed, and whether who is moved or cancelled is told."""
    return "announce" in request.form, "tell" in request.form


class AppointmentImportView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Import appointments",
            endpoint="appointment_import",
            url="/admin/appointments/import",
        )

    def is_accessible(self) -> bool:
        return access.may("appointment_import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> str:
        """The form, and the latest imports; with part=state only these, for the live page."""
        template = (
            "import/uploads.html" if request.args.get("part") == "state" else "import/import.html"
        )
        page: str = self.render(
            template,
            uploads=uploads.latest(),
            columns=[name for name in APPOINTMENTS if not name.endswith("kaivox_id")],
            most=uploads.LARGEST // 1024**2,
            listed=uploads.MOST_REASONS,
            shown=shown,
        )
        return page

    @expose("/", methods=["POST"])
    def take(self) -> Response:
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise BadFile("choose one first")
            name = clean(file.filename)[:100]
            with file.stream as stream:
                content = stream.read()
            _, unknown = uploads.accept(name, content, *_asked())
        except BadFile as error:
            flash(f"The file cannot be taken: {error}.", "error")
        except Refused as refused:
            flash(str(refused), "error")
        else:
            flash("The import has begun.", "success")
            if unknown:
                flash(f"Unknown columns are left out: {', '.join(unknown)[:500]}.", "info")
        return redirect(self.get_url(".index"))
