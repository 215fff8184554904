"""What is going on today; for the operator, the way to the businesses."""

from datetime import datetime, timedelta

from flask import redirect, url_for
from flask_admin import AdminIndexView, expose
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.labels import APPOINTMENT
from admin_views.times import business_time
from app.extensions import db
from app.inbox.conversations import Filter
from app.inbox.lists.conversation_counts import counts
from app.inbox.statistics import statistics
from app.lib.time.clock import now
from app.models import Appointment
from app.tenancy import tenant_in_scope
from app.web.guards import access

UPCOMING = 8


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
        page: str = self.render(
            "dashboard.html",
            statistics=statistics(business_time().day(moment)),
            unread=_unread(),
            appointments=_upcoming(moment),
            words=APPOINTMENT,
            soon=lambda instant: business_time().soon(instant, moment),
        )
        return page


def _unread() -> int:
    return counts([Filter(unread=True)])[0] or 0


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
