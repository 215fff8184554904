"""The panel of appointments, which writes by app/appointments/commands.py."""

from collections.abc import Callable
from typing import Any

from flask import flash
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import NumberRange

from admin_views.calendar.booked import booked
from admin_views.calendar.collisions import answered, question
from admin_views.calendar.notice_words import said
from admin_views.labels import APPOINTMENT, badge, choices, words
from admin_views.numbers import pretty
from admin_views.panels.customers import to_profile
from admin_views.panels.filters import one_of
from admin_views.panels.pages.coming_and_past import ComingAndPast
from admin_views.panels.panel import explain
from admin_views.times import Between, business_time
from app.appointments import commands
from app.customers.file_id import file_id
from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Customer
from app.notifications.forecast.why import of_appointment


def reached_by(sign: str) -> Any:
    """A column formatter: the customer's first address with the sign, as it is stored."""
    return lambda _view, _context, appointment, _name: next(
        (each for each in appointment.customer.addresses if sign in each), ""
    )


def for_whom(appointment: Appointment) -> str:
    """«, for Mia», where somebody else comes."""
    return f", for {appointment.who_comes}" if appointment.who_comes else ""


class AppointmentPanel(ComingAndPast):
    model_class = Appointment
    dated = "starts_at"
    title = "Appointments"
    path = "appointments"
    icon = "fa-list-alt"
    import_kind = "appointments"
    list_template = "panel/appointments.html"
    details_template = "panel/appointment_details.html"
    edit_template = "panel/appointment_edit.html"

    column_list = ("starts_at", "customer", "service", "staff_member", "duration_minutes", "status")
    column_labels = {
        "starts_at": "Begins",
        "duration_minutes": "Minutes",
        "staff_member": "With",
        "external_id": "Your own number for it",
        "booked_at": "Agreed on",
        "kaivox_id": "KaiVox id",
        "customer_kaivox_id": "Customer KaiVox id",
        "who_comes": "Who comes",
    }
    column_formatters = {
        "status": badge(APPOINTMENT),
        "customer": lambda v, c, m, n: to_profile(v, c, m.customer, n) + for_whom(m),
    }
    column_formatters_detail = column_formatters
    column_formatters_export = {
        "status": words(APPOINTMENT),
        "customer_phone": reached_by("+"),
        "customer_email": reached_by("@"),
        "customer_external_id": lambda v, c, m, n: (m.attendee or m.customer).external_id,
        "kaivox_id": lambda v, c, m, n: file_id(m),
        "customer_kaivox_id": lambda v, c, m, n: file_id(m.attendee or m.customer),
    }
    column_export_list = (
        *("starts_at", "customer", "customer_phone", "customer_email", "customer_external_id"),
        *("who_comes", "service", "staff_member", "duration_minutes", "status", "source", "notes"),
        *("external_id", "kaivox_id", "customer_kaivox_id"),
    )
    column_details_list = (
        *column_list,
        "source",
        "notes",
        "external_id",
        "booked_at",
        "created_at",
    )
    loads = (
        joinedload(Appointment.customer).selectinload(Customer.contact_points),
        selectinload(Appointment.attendee),
        joinedload(Appointment.service),
        joinedload(Appointment.staff_member),
    )
    column_sortable_list = ("starts_at", "status", "duration_minutes")
    column_searchable_list = ("notes",)
    customer_key = "customer_id"
    column_filters = (
        Between(Appointment.starts_at, "Begins"),
        *one_of(Appointment.status, "State", APPOINTMENT),
    )
    form_columns = (
        "customer",
        "service",
        "staff_member",
        "starts_at",
        "duration_minutes",
        "status",
        "notes",
        "tell",
        "anyway",
    )
    form_extra_fields = {
        "tell": BooleanField(
            "Tell the customer of another time, or that it is cancelled", default=True
        ),
        # What was asked when the form came before, and is answered by sending it again.
        "anyway": HiddenField(),
    }
    form_overrides = {"status": SelectField}
    form_args = {
        "status": {"choices": choices(APPOINTMENT)},
        "duration_minutes": {"validators": [NumberRange(1, 1440, "Give 1 to 1,440 minutes.")]},
    }
    form_widget_args = {"notes": {"rows": 3}}
    form_ajax_refs = {
        "customer": {
            "fields": ("first_name", "last_name"),
            "page_size": 10,
            "placeholder": "Find a customer",
        },
        "service": {
            "fields": ("name",),
            "page_size": 20,
            "minimum_input_length": 0,
            "placeholder": "Choose a service",
        },
        "staff_member": {
            "fields": ("name",),
            "page_size": 20,
            "minimum_input_length": 0,
            "placeholder": "Choose a person",
        },
    }

    def create_model(self, form: Any) -> Appointment | bool:
        yes = answered(form.data)
        return _written(lambda: commands.book(now(), answered=yes, **agreed(form)), form) or False

    def added(self, row: Appointment) -> str:
        return booked(row, now())

    def named(self, row: Appointment) -> str:
        when = business_time().soon(row.starts_at, now())
        return f"the appointment of {pretty(row.customer.name)} ({when})"

    def create_form(self, obj: Any = None) -> Any:
        """Whoever is new is sent the confirmation."""
        form = super().create_form(obj)
        del form.tell
        return form

    def update_model(self, form: Any, model: Appointment) -> bool:
        before, tell, yes = model.agreed_start, form.tell.data, answered(form.data)
        id_ = model.id
        after = _written(
            lambda: commands.change(id_, now(), tell=tell, answered=yes, **agreed(form)), form
        )
        if after and (told := said(after, before, tell)):
            flash(told, "info")
        return bool(after)

    def delete_model(self, model: Appointment) -> bool:
        """Whether it was deleted, or already gone."""
        try:
            commands.delete(model.id, now())
        except commands.Refused as refused:
            db.session.rollback()
            flash(str(refused), "error")
            return False
        return True

    def told(self, appointment: Appointment) -> list[tuple[str, str]]:
        """What became, or will become, of each of its automatic messages."""
        return of_appointment(appointment, now())


def agreed(form: Any) -> commands.Changes:
    """What the form says was agreed on."""
    service, person = form.service.data, form.staff_member.data
    return commands.Changes(
        customer_id=form.customer.data.id,
        service_id=service and service.id,
        staff_member_id=person and person.id,
        starts_at=form.starts_at.data,
        duration_minutes=form.duration_minutes.data,
        status=form.status.data,
        notes=form.notes.data or "",
    )


def _written(command: Callable[[], Appointment], form: Any) -> Appointment | None:
    """The appointment after the command; None, and the person is told why or asked, where it was
    refused."""
    try:
        return command()
    except commands.NotConfirmed as doubtful:
        asked = question(doubtful)
        db.session.rollback()
        form.anyway.data = asked.anyway
        flash(f"{asked.text} Then save it once more.", "error")
    except commands.Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    except (IntegrityError, DataError) as error:
        db.session.rollback()
        flash(explain(error), "error")
    return None
