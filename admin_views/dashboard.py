"""What is going on today, and reports of some time; for the operator, the way to the businesses."""

from datetime import datetime, timedelta

from flask import abort, redirect, request, url_for
from flask_admin import AdminIndexView, expose
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.labels import APPOINTMENT
from admin_views.panels.export import written
from admin_views.reports import REPORTS
from admin_views.reports.first_steps_guide import guide
from admin_views.reports.report_words import in_file, on_page
from admin_views.reports.tiles import compared, standing
from admin_views.times import business_time
from app.extensions import db
from app.lib.memo import memo_scope
from app.lib.time.clock import now
from app.models import Appointment
from app.reports import first_steps
from app.reports import period as periods
from app.reports.period import Period
from app.tenancy import tenant_in_scope
from app.web.guards import access

UPCOMING = 5


class Dashboard(AdminIndexView):  # type: ignore[misc]
    roles = access.ADMINS

    def __init__(self) -> None:
        super().__init__(
            name="Overview",
            url="/admin",
            menu_icon_type="fa",
            menu_icon_value="fa-tachometer",
        )

    def is_accessible(self) -> bool:
        return access.may("admin")

    def is_visible(self) -> bool:
        return tenant_in_scope()

    @expose("/")
    def index(self) -> Response | str:
        if not tenant_in_scope():
            return redirect(url_for("tenants.index_view"))
        moment = now()
        name, this, before = _periods(moment)
        with memo_scope():
            page: str = self.render(
                "dashboard.html",
                guide=guide(),
                tiles=[*standing(moment, this.last), *compared(this, before)],
                told=[(report, report.tell(this, before)) for report in REPORTS.values()],
                period=name,
                periods=periods.PERIODS,
                this=business_time().between(this.first, this.last),
                before=business_time().between(before.first, before.last),
                on_page=on_page,
                appointments=_upcoming(moment),
                words=APPOINTMENT,
                soon=lambda instant: business_time().soon(instant, moment),
            )
        return page

    @expose("/first-steps/hide", methods=["POST"])
    def hide_guide(self) -> Response:
        first_steps.hide()
        return redirect(self.get_url(".index"))

    @expose("/report.csv")
    def report(self) -> Response:
        """The report that is named as a file: the table that stands behind its chart."""
        key = request.args.get("of", next(iter(REPORTS)))
        if key not in REPORTS:
            abort(404)
        _, this, before = _periods(now())
        told = REPORTS[key].tell(this, before)
        rows = [[in_file(cell) for cell in row] for row in told.rows]
        name = f"{key}-{this.first}-{this.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(written([told.columns, *rows]), headers=headers, mimetype="text/csv")


def _periods(moment: datetime) -> tuple[str, Period, Period]:
    """The one that is asked for, by name, and the one before."""
    name = request.args.get("period", "")
    name = name if name in periods.PERIODS else periods.USUAL
    this = periods.period(name, business_time().day(moment), business_time().timezone)
    return name, this, periods.before(name, this)


def _upcoming(moment: datetime) -> list[Appointment]:
    query = (
        select(Appointment)
        .where(Appointment.starts_at >= moment, Appointment.status != "cancelled")
        .where(Appointment.starts_at < moment + timedelta(days=14))
        .options(
            joinedload(Appointment.customer),
            joinedload(Appointment.service),
            joinedload(Appointment.staff_member),
        )
        .order_by(Appointment.starts_at)
        .limit(UPCOMING)
    )
    return list(db.session.scalars(query))
