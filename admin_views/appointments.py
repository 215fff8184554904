from sqlalchemy.orm import joinedload
from wtforms import SelectField
from wtforms.validators import NumberRange

from admin_views.base import Panel
from admin_views.filters import one_of
from admin_views.times import Between
from admin_views.words import APPOINTMENT, badge, choices, words
from app.lib.clock import now
from app.models import Appointment, Customer
from app.notifications.why import of_appointment


class AppointmentPanel(Panel):
    model_class = Appointment
    title = "Appointments"
    path = "appointments"
    icon = "fa-calendar"
    details_template = "panel/appointment.html"

    column_list = ("starts_at", "customer", "service", "staff_member", "duration_minutes", "status")
    column_labels = {
        "starts_at": "Begins",
        "duration_minutes": "Minutes",
        "staff_member": "With",
        "external_id": "Your own number for it",
    }
    column_formatters = {"status": badge(APPOINTMENT)}
    column_formatters_detail = column_formatters
    column_formatters_export = {"status": words(APPOINTMENT)}
    column_export_list = (*column_list, "source", "notes", "external_id")
    column_details_list = (*column_list, "source", "notes", "external_id", "created_at")
    loads = (
        joinedload(Appointment.customer).selectinload(Customer.contact_points),
        joinedload(Appointment.service),
        joinedload(Appointment.staff_member),
    )
    column_sortable_list = ("starts_at", "status", "duration_minutes")
    column_default_sort = ("starts_at", True)
    column_searchable_list = ("customer.first_name", "customer.last_name", "notes")
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
    )
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

    def told(self, appointment: Appointment) -> list[tuple[str, str]]:
        """What became, or will become, of each of its automatic messages."""
        return of_appointment(appointment, now())
