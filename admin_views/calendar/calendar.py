"""The calendar that staff book in: a day by person, a week by day."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import flash, g, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.calendar import calendar_form, newcomer
from admin_views.calendar.booked import booked
from admin_views.calendar.buttons import BUTTONS, TELLING, possible
from admin_views.calendar.calendar_json import appointment_json, page_json, told_json
from admin_views.calendar.calendar_page import SPANS, page
from admin_views.calendar.calendar_staff import ANYONE, known
from admin_views.calendar.collisions import answered, question
from admin_views.calendar.moves import Before, bar
from admin_views.calendar.notice_words import Told, called, foretold, said, tells
from admin_views.frame import business
from admin_views.labels import APPOINTMENT
from admin_views.lookup import LAST, MOST, find, within
from admin_views.numbers import pretty
from admin_views.posted import posted
from admin_views.times import brief, business_time
from app.appointments import commands, diary, rules
from app.appointments.commands import NotConfirmed, Refused
from app.customers.reached_through import family
from app.extensions import db
from app.inbox.customer_search import FoundCustomer, matching
from app.inbox.reading.seen import is_hidden
from app.lib.time.clock import YEARS, now
from app.memory.pinned_facts import Pinned, pinned
from app.models import Appointment, Customer, Service, StaffMember
from app.notifications.forecast.why import of_appointment
from app.web.guards import access
from app.web.guards.access import wants_json


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
        """A day or the week around it, of everybody or one person (staff=); with part=grid only
        what changes, for the live page."""
        moment, view = now(), request.args.get("view", "")
        shown = page(
            _day() or business_time().day(moment),
            view if view in SPANS else "day",
            business(),
            moment,
            "cancelled" in request.args,
            known(request.args.get("staff", "")),
        )
        if wants_json():
            return jsonify(page_json(shown))
        alone = request.args.get("part") == "grid"
        template = "calendar/grid.html" if alone else "calendar/calendar.html"
        subscribes = access.may("calendar_feeds")
        return self._page(
            template, page=shown, most=diary.MOST, anyone=ANYONE, subscribes=subscribes
        )

    @expose("/customers")
    def customers(self) -> Response:
        """Who may be meant, as Flask-Admin's select boxes ask for it: [[id, name] …]."""
        offset = within(request.args.get("offset", 0, type=int), LAST)
        count = within(request.args.get("limit", 10, type=int), MOST)
        found = matching(request.args.get("query", "")[:100], offset, count)
        return jsonify([[each.id, _named(each)] for each in found])

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """Book; JSON or a form: customer_id, or new_phone and new_name of somebody who is not known
        yet; attendee (a name) or attendee_id, where somebody else comes; day and time (or
        starts_at), service_id, staff_member_id, duration_minutes, notes, a client_token that makes
        a repeated post one appointment, and anyway, which answers a question that was put before.
        to=thread or profile leads back to the customer."""
        if request.method == "GET":
            return self._form(request.args.to_dict())
        values = posted()
        try:
            values |= newcomer.entered(values, business().country)
            said = calendar_form.booking(values, business().timezone)
            made = commands.book(now(), answered=answered(values), **said)
        except Refused as refused:
            return _refused(refused) or (self._form(values), 422)
        return self._done(made, booked(made, now()), 201)

    @expose("/<int:appointment_id>")
    def show(self, appointment_id: int) -> Response | str:
        appointment = find(Appointment, appointment_id)
        if wants_json():
            return jsonify(appointment_json(appointment) | told_json(appointment, now()))
        return self._show(appointment)

    @expose("/<int:appointment_id>/move", methods=["POST"])
    def move(self, appointment_id: int) -> Response | str | tuple[str, int]:
        """Another time, person, service or duration; what is not sent stays as it is. Its customer
        is told of another time, unless tell=0. anyway answers a question that was put before."""
        appointment, values = find(Appointment, appointment_id), posted()
        zone, seen = business().timezone, calendar_form.seen(values)
        before = Before.of(appointment)
        try:
            agreed, tell = calendar_form.changes(values, zone, appointment.starts_at), tells(values)
            agreed |= calendar_form.attendance(values, appointment.customer, appointment)
            yes = answered(values)
            moved = commands.change(
                appointment_id, now(), seen=seen, tell=tell, answered=yes, **agreed
            )
        except Refused as refused:
            return _refused(refused) or self._again(appointment_id, values)
        if values.get("bar"):
            return bar(moved, before, tell)
        return self._done(moved, f"Saved. {said(moved, before.starts_at, tell)}", 200)

    @expose(
        "/<int:appointment_id>/<any(confirm, complete, no_show, cancel, reopen):command>",
        methods=["POST"],
    )
    def act(self, appointment_id: int, command: str) -> Response | tuple[str, int]:
        """Its customer is told that it is cancelled, or on again, unless tell=0."""
        before = find(Appointment, appointment_id).agreed_start
        yes = {"answered": answered(posted())} if command == "reopen" else {}
        try:
            tell = tells(posted())
            asked = yes | ({"tell": tell} if command in TELLING else {})
            after = BUTTONS[command].do(appointment_id, now(), **asked)
        except Refused as refused:
            return _refused(refused) or self._again(appointment_id, posted())
        return self._done(after, f"{APPOINTMENT[after.status]}. {said(after, before, tell)}", 200)

    def _done(self, appointment: Appointment, text: str, code: int) -> Response:
        if wants_json():
            return make_response(jsonify(appointment_json(appointment)), code)
        flash(text.strip(), "success")
        if back := newcomer.back(appointment.customer_id):
            return redirect(back)
        day = business_time().day(appointment.starts_at)
        return redirect(url_for(".index", day=day, **_kept()))

    def _again(self, appointment_id: int, values: Mapping[str, Any] = {}) -> tuple[str, int]:
        """The appointment as it is after all, or, if it is gone, the calendar says so; where there
        is a question, with what was entered."""
        entered = values if "question" in g else {}
        return self._show(find(Appointment, appointment_id), entered), 422

    def _show(self, appointment: Appointment, entered: Mapping[str, Any] = {}) -> str:
        moment = now()
        return self._page(
            "calendar/appointment.html",
            appointment=appointment,
            possible=possible(appointment, moment),
            over=appointment.status in rules.OVER,
            back=newcomer.back(appointment.customer_id),
            told=of_appointment(appointment, moment),
            ends=self._ends(appointment, moment),
            name=called(appointment.customer),
            hidden=is_hidden(appointment.customer_id),
            family=family(appointment.customer),
            pinned=_pinned(appointment),
            values=calendar_form.filled(appointment, business().timezone) | dict(entered),
            services=calendar_form.offered(Service, appointment.service_id),
            people=calendar_form.offered(StaffMember, appointment.staff_member_id),
        )

    def _ends(self, appointment: Appointment, moment: datetime) -> dict[str, Told]:
        """What its customer is told where it is cancelled, or reopened after they heard of that, by
        the command."""
        found = {}
        for command in [each for each in possible(appointment, moment) if each in TELLING]:
            told = foretold(appointment, BUTTONS[command].leads_to, moment)
            if told and (told.notice.goes or command == "cancel"):
                found[command] = told
        return found

    def _form(self, values: dict[str, Any]) -> str:
        known = values.get("customer_id")
        customer = find(Customer, known) if known else None
        return self._page(
            "calendar/new_appointment.html",
            # What is shown was not booked: each page has a token of its own, whatever was sent.
            values={"day": f"{business_time().day(now())}"}
            | values
            | {"client_token": uuid.uuid4().hex},
            customer=customer and [customer.id, _named(customer)],
            family=family(customer) if customer else [],
            pinned=pinned(customer.id) if customer else (),
            back=newcomer.back(customer.id) if customer else None,
            services=calendar_form.offered(Service),
            people=calendar_form.offered(StaffMember),
        )

    def _page(self, template: str, **context: Any) -> str:
        page: str = self.render(
            template,
            there=business_time(),
            brief=brief,
            words=APPOINTMENT,
            question=g.get("question"),
            kept=_kept(),
            to=newcomer.to(),
            **context,
        )
        return page


def _pinned(appointment: Appointment) -> Sequence[Pinned]:
    """To whoever comes; of somebody who is only a name nothing is known."""
    if appointment.attendee_name:
        return ()
    return pinned(appointment.attendee_id or appointment.customer_id)


def _refused(refused: Refused) -> Response | None:
    """The refusal or the question as JSON where that is wanted; else the next page will say it."""
    asked = question(refused) if isinstance(refused, NotConfirmed) else None
    db.session.rollback()
    if wants_json():
        told = {"question": asked.text, "anyway": asked.anyway} if asked else {}
        return make_response(jsonify(told | {"error": asked.text if asked else str(refused)}), 422)
    if asked:
        g.question = asked
    else:
        flash(str(refused), "error")
    return None


def _kept() -> dict[str, Any]:
    """How the calendar was shown that one came from, and goes back to."""
    return {name: request.args.get(name) for name in ("view", "staff")}


def _day() -> date | None:
    """The day that the address names; None where it names none that there is."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _named(customer: Customer | FoundCustomer) -> str:
    name, address = pretty(customer.name), pretty(customer.address or "")
    if through := customer.reached_through:
        return f"{name} · through {pretty(through if isinstance(through, str) else through.name)}"
    return f"{name} · {address}" if address not in ("", name) else name
