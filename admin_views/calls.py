from sqlalchemy.orm import joinedload
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_views.base import Panel
from admin_views.checks import telephone
from admin_views.filters import one_of
from admin_views.times import Between
from admin_views.words import CALL, badge, choices, words
from app.models import Call, Customer


class CallPanel(Panel):
    model_class = Call
    title = "Calls"
    path = "calls"
    icon = "fa-phone"

    column_list = ("started_at", "caller", "customer", "outcome", "duration_seconds", "notes")
    column_labels = {"started_at": "When", "duration_seconds": "Seconds"}
    column_formatters = {"outcome": badge(CALL)}
    column_formatters_detail = column_formatters
    column_formatters_export = {"outcome": words(CALL)}
    loads = (joinedload(Call.customer).selectinload(Customer.contact_points),)
    column_sortable_list = ("started_at", "duration_seconds")
    column_default_sort = ("started_at", True)
    column_searchable_list = ("caller", "notes")
    column_filters = (
        *one_of(Call.outcome, "Outcome", CALL),
        Between(Call.started_at, "When"),
    )
    form_columns = ("caller", "customer", "outcome", "started_at", "duration_seconds", "notes")
    form_overrides = {"outcome": SelectField}
    form_args = {
        "caller": {"validators": [InputRequired(), telephone]},
        "outcome": {"choices": choices(CALL)},
    }
    form_widget_args = {"notes": {"rows": 3}}
    form_ajax_refs = {
        "customer": {
            "fields": ("first_name", "last_name"),
            "page_size": 10,
            "placeholder": "Find a customer",
        }
    }
