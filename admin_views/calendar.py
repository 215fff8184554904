"""The calendar that staff book in: a day by person, a week by day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views import calendar_form
from admin_views.calendar_page import SPANS, page
from admin_views.collisions import warn_of_collisions
from admin_views.lookup import LAST, MOST, find, within
from admin_views.numbers import pretty
from admin_views.posted import posted
from admin_views.times import wall
from admin_views.words import APPOINTMENT
from app.appointments import deeds, diary, rules
from app.appointments.deeds import Refused
from app.extensions import db
from app.inbox.who import matching
from app.lib.clock import YEARS, local_day, now
from app.models import Appointment, Customer, Service, StaffMember, Tenant
from app.notifications.why import of_appointment
from app.tenancy import current_tenant_id
from app.web import access
from app.web.access import wants_json

Deed = Callable[[int, datetime], Appointment]
# In the order of the buttons: (address, what it says, what it does)
DEEDS: dict[str, tuple[str, Deed]] = {
    "confirm": ("Confirm", deeds.confirm),
    "complete": ("Complete", deeds.complete),
    "no_show": ("Did not come", deeds.no_show),
    "cancel": ("Cancel appointment", deeds.cancel),
    "reopen": ("Reopen", deeds.reopen),
}
LEADS_TO = dict(
    zip(DEEDS, ("confirmed", "completed", "no_show", "cancelled", "scheduled"), strict=True)
)


class CalendarView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Calendar",
            endpoint="calendar",
            url="/calendar",
            menu_icon_type="fa",
            menu_icon_value="fa-calendar",
        )

    def is_accessible(self) -> bool:
        return access.may("calendar")

    @expose("/")
    @expose("")
    def index(self) -> Response | str:
        """A day or the week around it; with part=grid only what changes, for the live page."""
        tenant, moment = _tenant(), now()
        view = request.args.get("view", "")
        shown = page(
            _day() or local_day(moment, tenant.timezone),
            view if view in SPANS else "day",
            tenant,
            moment,
            "cancelled" in request.args,
        )
        if wants_json():
            found = [each for _, appointments in shown.agenda for each in appointments]
            days = {
                "more": shown.more,
                "view": shown.view,
                "days": [f"{day}" for day in shown.days],
            }
            return jsonify(**days, appointments=[_json(each) for each in found])
        template = "grid" if request.args.get("part") == "grid" else "calendar"
        return self._page(f"calendar/{template}.html", page=shown, most=diary.MOST)

    @expose("/customers")
    def customers(self) -> Response:
        """Who may be meant, as Flask-Admin's select boxes ask for it: [[id, name] …]."""
        offset = within(request.args.get("offset", 0, type=int), LAST)
        count = within(request.args.get("limit", 10, type=int), MOST)
        found = matching(request.args.get("query", "")[:100], offset, count)
        return jsonify([[each.id, _named(each)] for each in found])

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """Book; JSON or a form: customer_id, day and time (or starts_at), service_id,
        staff_member_id, duration_minutes, notes."""
        if request.method == "GET":
            return self._form(request.args.to_dict())
        values = posted()
        try:
            booked = deeds.book(now(), **calendar_form.booking(values, _tenant().timezone))
        except Refused as refused:
            return _refused(refused) or (self._form(values), 422)
        return self._done(booked, "Booked.", 201)

    @expose("/<int:appointment_id>")
    def show(self, appointment_id: int) -> Response | str:
        appointment = find(Appointment, appointment_id)
        return jsonify(_json(appointment)) if wants_json() else self._show(appointment)

    @expose("/<int:appointment_id>/move", methods=["POST"])
    def move(self, appointment_id: int) -> Response | str | tuple[str, int]:
        """Another time, person, service or duration; what is not sent stays as it is."""
        appointment, values = find(Appointment, appointment_id), posted()
        zone, seen = _tenant().timezone, calendar_form.seen(values)
        try:
            said = calendar_form.changes(values, zone, appointment.starts_at)
            moved = deeds.change(appointment_id, now(), seen=seen, **said)
        except Refused as refused:
            return _refused(refused) or self._again(appointment_id)
        return self._done(moved, "Saved.", 200)

    @expose(
        "/<int:appointment_id>/<any(confirm, complete, no_show, cancel, reopen):deed>",
        methods=["POST"],
    )
    def act(self, appointment_id: int, deed: str) -> Response | tuple[str, int]:
        find(Appointment, appointment_id)
        try:
            after = DEEDS[deed][1](appointment_id, now())
        except Refused as refused:
            return _refused(refused) or self._again(appointment_id)
        return self._done(after, f"{APPOINTMENT[after.status]}.", 200)

    def _done(self, appointment: Appointment, said: str, code: int) -> Response:
        if wants_json():
            return make_response(jsonify(_json(appointment)), code)
        flash(said, "success")
        warn_of_collisions(appointment)
        day = local_day(appointment.starts_at, _tenant().timezone)
        return redirect(url_for(".index", day=day, view=request.args.get("view")))

    def _again(self, appointment_id: int) -> tuple[str, int]:
        """The appointment as it is after all; or, if it is gone, the calendar says so."""
        return self._show(find(Appointment, appointment_id)), 422

    def _show(self, appointment: Appointment) -> str:
        moment = now()
        possible = {
            deed: label
            for deed, (label, _) in DEEDS.items()
            if LEADS_TO[deed] != appointment.status
            and not rules.refusal(
                appointment.status, LEADS_TO[deed], False, appointment.starts_at, moment
            )
        }
        return self._page(
            "calendar/appointment.html",
            appointment=appointment,
            possible=possible,
            over=appointment.status in rules.OVER,
            told=of_appointment(appointment, moment),
            values=calendar_form.filled(appointment, _tenant().timezone),
            services=calendar_form.offered(Service, appointment.service_id),
            people=calendar_form.offered(StaffMember, appointment.staff_member_id),
        )

    def _form(self, values: dict[str, Any]) -> str:
        known = values.get("customer_id")
        customer = find(Customer, known) if known else None
        return self._page(
            "calendar/new.html",
            values={"day": f"{local_day(now(), _tenant().timezone)}"} | values,
            customer=customer and [customer.id, _named(customer)],
            services=calendar_form.offered(Service),
            people=calendar_form.offered(StaffMember),
        )

    def _page(self, template: str, **context: Any) -> str:
        page: str = self.render(
            template,
            there=wall(),
            words=APPOINTMENT,
            view=request.args.get("view"),
            **context,
        )
        return page


def _refused(refused: Refused) -> Response | None:
    """The refusal as JSON where that is wanted; else the next page will say it."""
    db.session.rollback()
    if wants_json():
        return make_response(jsonify(error=str(refused)), 422)
    flash(str(refused), "error")
    return None


def _tenant() -> Tenant:
    return db.session.get_one(Tenant, current_tenant_id())


def _day() -> date | None:
    """The day that the address names; None where it names none that there is."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _named(customer: Customer) -> str:
    name, address = pretty(customer.name), pretty(customer.address or "")
    return f"{name} · {address}" if address not in ("", name) else name


def _json(appointment: Appointment) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "customer_id": appointment.customer_id,
        "customer": appointment.customer.name,
        "service_id": appointment.service_id,
        "service": appointment.service and appointment.service.name,
        "staff_member_id": appointment.staff_member_id,
        "staff_member": appointment.staff_member and appointment.staff_member.name,
        "starts_at": appointment.starts_at.astimezone(UTC).isoformat(),
        "ends_at": appointment.ends_at.astimezone(UTC).isoformat(),
        "duration_minutes": appointment.duration_minutes,
        "status": appointment.status,
    }
