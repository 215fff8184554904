"""The panel of customers, with their contact points."""

from typing import Any
from zoneinfo import available_timezones

from flask import abort
from flask_admin.model.form import InlineFormAdmin
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import get_history
from wtforms import SelectField
from wtforms.validators import ValidationError

from admin_views.labels import CHANNEL, WRITTEN_BY, choices, words
from admin_views.numbers import pretty, tel
from admin_views.panels.checks import number_or_mailbox, spoken
from admin_views.panels.filters import one_of
from admin_views.panels.panel import Panel
from admin_views.times import Between
from app.appointments.attendance import let_go
from app.customers.add import is_anothers
from app.customers.file_id import file_id
from app.customers.lock_customer import lock_customer
from app.inbox import statistics
from app.inbox.customer_search import among
from app.inbox.reading import message_marks
from app.inbox.team.staff_rights import Right
from app.lib.time.clock import now
from app.lib.time.locales import language
from app.models import ContactPoint, Customer
from app.notifications.planning import replan
from app.tasks import Task, enqueue
from app.web.guards import access
from app.webchat import visitor_sessions

ZONES = sorted(available_timezones())


class ContactPointForm(InlineFormAdmin):  # type: ignore[misc]
    """The addresses of a customer, edited with the customer."""

    form_columns = ("id", "channel", "address")
    form_overrides = {"channel": SelectField}
    form_args = {
        "channel": {"choices": choices(WRITTEN_BY)},
        "address": {"validators": [number_or_mailbox]},
    }
    form_label = "Number or email"

    def __init__(self) -> None:
        super().__init__(ContactPoint)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """404 for an id that is none of this customer's: it would come back as a new address."""
        if is_created and (form.form.id.data or getattr(form, "_should_delete", False)):
            abort(404)


def reached_at(_view: Any, _context: Any, customer: Customer, _name: str) -> Markup:
    return Markup("<br>").join(map(tel, customer.addresses))


def reached_at_plain(_view: Any, _context: Any, customer: Customer, _name: str) -> str:
    # A cell that begins with a number and goes on in letters would be taken for a formula.
    return " ".join(sorted(customer.addresses, key=lambda address: address.startswith("+")))


def way(_view: Any, _context: Any, customer: Customer, _name: str) -> str:
    """By whose address they are reached, as an import finds that one again."""
    through = customer.reached_through
    return (through.address or file_id(through)) if through else ""


def speaks(_view: Any, _context: Any, customer: Customer, _name: str) -> str:
    return language(customer.language) if customer.language else ""


def to_thread(_view: Any, _context: Any, customer: Customer, _name: str) -> Markup:
    return Markup('<a href="/messages/{}">{}</a>').format(customer.id, pretty(customer.name))


def to_profile(_view: Any, _context: Any, customer: Customer, _name: str) -> Markup:
    return Markup('<a href="/customers/{}">{}</a>').format(customer.id, pretty(customer.name))


class CustomerPanel(Panel):
    model_class = Customer
    title = "Customers"
    path = "customers"
    icon = "fa-address-book-o"
    import_kind = "customers"
    merges = True
    roles = access.STAFF
    for_admins = ("delete_view", "action_view", "export")
    by_right = {
        "delete_view": Right.DELETE,
        "action_view": Right.DELETE,
        "export": Right.EXPORT,
    }

    column_list = ("name", "contact_points", "language", "preferred_channel", "created_at")
    column_labels = {
        "contact_points": "Reached at",
        "created_at": "Known since",
        "preferred_channel": "Prefers",
        "external_id": "Your own number",
        "contact_points.address": "Number or email",
        "timezone": "Time zone",
        "kaivox_id": "KaiVox id",
    }
    column_formatters = {
        "name": to_profile,
        "contact_points": reached_at,
        "language": speaks,
        "preferred_channel": words(CHANNEL),
    }
    column_formatters_detail = {
        "contact_points": reached_at,
        "language": speaks,
        "preferred_channel": words(CHANNEL),
    }
    column_formatters_export = {
        "contact_points": reached_at_plain,
        "preferred_channel": words(CHANNEL),
        "reached_through": way,
        "kaivox_id": lambda v, c, customer, n: file_id(customer),
    }
    column_details_list = (
        "first_name",
        "last_name",
        "contact_points",
        "language",
        "preferred_channel",
        "timezone",
        "external_id",
        "notes",
        "created_at",
    )
    column_export_list = (*column_details_list, "reached_through", "kaivox_id")
    column_sortable_list = (("name", ("first_name", "last_name")), "language", "created_at")
    column_default_sort = ("id", True)
    column_searchable_list = ("external_id",)
    customer_key = "id"
    column_filters = (
        *one_of(Customer.preferred_channel, "Preferred channel", WRITTEN_BY),
        Between(Customer.created_at, "Known since"),
        "language",
    )
    loads = (
        selectinload(Customer.contact_points),
        selectinload(Customer.reached_through).selectinload(Customer.contact_points),
    )
    form_columns = (
        "first_name",
        "last_name",
        "contact_points",
        "language",
        "preferred_channel",
        "timezone",
        "external_id",
        "notes",
    )
    form_excluded_columns = ("search", "folded")
    form_overrides = {"preferred_channel": SelectField, "timezone": SelectField}
    form_args = {
        "preferred_channel": {
            "choices": choices({"": "No preference"} | WRITTEN_BY),
            "filters": [lambda value: value or None],
        },
        "external_id": {
            "label": "Your own number for them",
            "description": "From your booking system; an import meets them again by it.",
        },
        "timezone": {
            "label": "Time zone",
            "choices": choices({"": "The business’s"} | {name: name for name in ZONES}),
            "filters": [lambda value: value or None],
            "description": "Where they live: their quiet hours go by it.",
        },
        "language": {"validators": [spoken], "description": "Such as Spanish or es."},
    }
    form_widget_args = {"notes": {"rows": 4}}
    inline_models = (ContactPointForm(),)

    def get_query(self) -> Any:
        return super().get_query().filter(Customer.merged_into_id.is_(None))

    def get_count_query(self) -> Any:
        return super().get_count_query().filter(Customer.merged_into_id.is_(None))

    @property
    def can_delete(self) -> bool:
        return access.may("customers.delete_view")

    def _has(self, word: str) -> ColumnElement[bool]:
        """By the index of words, which has the business's own number, too."""
        return among(Customer.id, [word])

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Where the customer lives decides when they are left in peace."""
        super().on_model_change(form, model, is_created)
        if number := is_anothers(model):
            raise ValidationError(f"Not saved: {pretty(number)} belongs to another customer.")
        if not is_created and get_history(model, "timezone").has_changes():
            replan.anew(now(), model.id)

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        enqueue(Task.PLAN)

    def on_model_delete(self, model: Any) -> None:
        lock_customer(model.id)
        let_go(model, now())
        statistics.forget(model.id)
        message_marks.forget_of(model.id)
        visitor_sessions.forget_of(model.id)
